# Annexa in an image that holds nothing else, run by nobody in particular.
#
#     docker build --tag annexa .
#     docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/project" annexa build
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev make
# Where it runs, memory may have larger pages than where it is built.
ENV AARCH64_UNKNOWN_LINUX_MUSL_JEMALLOC_SYS_WITH_LG_PAGE=16
WORKDIR /source
COPY . .
RUN cargo build --profile dist --locked && mkdir -p /empty/project

FROM scratch
COPY --from=build --chown=65532:65532 /empty/ /
COPY --from=build /source/target/dist/annexa /annexa
COPY --from=build /source/LICENSE-APACHE /source/LICENSE-MIT /licenses/
USER 65532:65532
WORKDIR /project
ENTRYPOINT ["/annexa"]
CMD ["--help"]
