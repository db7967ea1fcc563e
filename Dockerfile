# The image of every role. Layers by how often they change: what others wrote, the weights of our models, our code.
# The tag says what it is, the digest that it is that; change both together (docs/operation.md, Upgrade).
FROM python:3.13.16-slim-trixie@sha256:bf44cdfcb76cd3b41e879bc058fc37ec5872002ccfde7fcb765e218cde0cd79c AS python

FROM python AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
# An environment without pip: nothing is installed in a running container.
RUN python -m venv --without-pip /opt/attache
# First only what we depend on, reports to Sentry included, so that a change of our code leaves this layer as it is: a package of the same name and
# needs, without code. The models of transformers are compiled by nobody who loads none, here and for `make`.
COPY pyproject.toml constraints.txt README.md LICENSE ./
RUN mkdir news feeds summarizer storage bot \
    && pip --python /opt/attache/bin/python install --no-compile --constraint constraints.txt ".[sentry]" \
    && pip --python /opt/attache/bin/python uninstall --yes attache \
    && rmdir news feeds summarizer storage bot \
    && /opt/attache/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash \
        -x '/(transformers|torch|sympy|networkx|setuptools)/' /opt/attache/lib

FROM build AS own
COPY news news
COPY feeds feeds
COPY summarizer summarizer
COPY storage storage
COPY bot bot
RUN pip wheel --no-deps --wheel-dir /wheels . \
    && pip --python /opt/attache/bin/python install --no-compile --no-deps --target /opt/own /wheels/*.whl \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/own \
    && mkdir -p /opt/weights/summarizer \
    && mv /opt/own/summarizer/models /opt/weights/summarizer/models

FROM python
LABEL org.opencontainers.image.title="Attaché" \
      org.opencontainers.image.description="A press attaché for a Discord or Slack channel: news digests, who said what, every line with its source." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.documentation="docs/operation.md" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13.16-slim-trixie"
# Without a shell, a home to write to, or a right; backups go to the one folder that is its own.
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin attache \
    && install --directory --owner attache --group attache --mode 700 /backups
COPY --from=build /opt/attache /opt/attache
COPY --from=own /opt/weights /opt/own
COPY --from=own /opt/own /opt/own
# What is compiled is compiled; the root is read-only, so matplotlib keeps what it found of fonts where it may.
ENV PATH=/opt/own/bin:/opt/attache/bin:$PATH \
    PYTHONPATH=/opt/own \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    XDG_CACHE_HOME=/tmp/cache
USER 10001:10001
# `attache backup`, and `attache restore` with what it keeps, write into the folder where they are called.
WORKDIR /backups
VOLUME /backups
STOPSIGNAL SIGTERM
ENTRYPOINT ["attache"]
CMD ["run"]
# It asks where ATTACHE_STATUS_HTTP says; docker-compose.yml sets it and asks more often while the bot starts.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m --retries=3 CMD ["attache", "health"]
