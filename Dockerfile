# Two stages, so that the image holds the installed packages and no installer's leftovers.
FROM python:3.13-slim AS build
WORKDIR /source
RUN python -m venv /opt/attache
COPY constraints.txt ./
COPY pyproject.toml README.md LICENSE ./
COPY news news
COPY feeds feeds
COPY summarizer summarizer
COPY storage storage
COPY bot bot
RUN /opt/attache/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.13-slim
COPY --from=build /opt/attache /opt/attache
ENV PATH=/opt/attache/bin:$PATH \
    PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 attache
USER attache
WORKDIR /home/attache
STOPSIGNAL SIGTERM
ENTRYPOINT ["attache"]
CMD ["run"]
