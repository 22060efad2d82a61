/* Where the server is: all pages are side by side in its folder. By itself Streamlit looks for it
   below the address of each page first, which fails, and says so in the browser's console. */
window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };
