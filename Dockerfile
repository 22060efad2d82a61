# syntax=docker/dockerfile:1
# The image: what requirements.lock pins by hash, and the wheel of this folder. Python is the one that CI runs.
ARG PYTHON=3.11-slim-trixie

FROM python:${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
RUN python -m venv /build && python -m venv /opt/segferry
COPY requirements.lock requirements.build.lock ./
RUN /build/bin/pip install --require-hashes --only-binary :all: -r requirements.build.lock \
 && /opt/segferry/bin/pip install --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# Python compiles here, for the image's file system can't be written. What goes is never imported.
RUN /build/bin/python -m hatchling build -t wheel -d /dist \
 && /opt/segferry/bin/pip install --no-deps --no-index /dist/*.whl \
 && rm -rf /opt/segferry/share/jupyter /opt/segferry/lib/python3*/site-packages/pyarrow/include \
      /opt/segferry/lib/python3*/site-packages/pandas/tests \
 && /opt/segferry/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON}
LABEL org.opencontainers.image.title="Segferry" org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp segferry \
 && install --directory --owner=10001 --group=10001 --mode=0700 /data /files
COPY --from=build /opt/segferry /opt/segferry
ENV PATH=/opt/segferry/bin:$PATH HOME=/tmp PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    SEGFERRY_HOME=/data SEGFERRY_ALLOWED_HOSTS=localhost,127.0.0.1
WORKDIR /data
USER 10001:10001
VOLUME /data /files
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
ENTRYPOINT ["segferry"]
CMD ["serve", "--address", "0.0.0.0"]
