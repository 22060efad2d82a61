/* Links of pages, and the menu's entry of the page that is open, go through the browser's history
   as its Back does. By itself Streamlit keeps the address of a page that is open: the menu would
   not lead up from a form, and what a link opens would be lost by a reload. */
document.addEventListener("click", (click) => {
  const entry = '[data-testid="stSidebarNavLink"][aria-current="page"]';
  const link = click.target.closest?.(`${entry}, [data-testid="stPageLink-NavLink"], a.sf-box`);
  if (!link || link.target === "_blank" || link.hasAttribute("disabled")) return;
  if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
  click.preventDefault();
  click.stopPropagation();
  if (link.href !== location.href) history.pushState({}, "", link.href);
  dispatchEvent(new PopStateEvent("popstate"));
  const covers = link.matches(entry) && matchMedia("(max-width: 767px)").matches;
  if (covers) document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}, true);
