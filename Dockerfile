# The official image of PostgreSQL with kpi beside it:
#
#	docker build --build-arg PG_MAJOR=17 -t postgres-kpi .
#
# For the images on Debian (15 to 19), not for those on Alpine.  In each database that wants it: CREATE EXTENSION kpi.

ARG PG_MAJOR=17

FROM postgres:${PG_MAJOR} AS build
ARG PG_MAJOR
RUN apt-get update \
	&& apt-get install -y --no-install-recommends gcc libc6-dev make postgresql-server-dev-${PG_MAJOR}
COPY . /kpi
WORKDIR /kpi
# without bitcode for the JIT compiler, which would need LLVM
RUN make clean with_llvm=no PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config \
	&& make -j "$(nproc)" with_llvm=no PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config \
	&& make install with_llvm=no PG_CONFIG=/usr/lib/postgresql/${PG_MAJOR}/bin/pg_config DESTDIR=/installed

FROM postgres:${PG_MAJOR}
COPY --from=build /installed/ /
