# kpi: key performance indicators of customer relationship management in PostgreSQL.
#
#   make, make install, make installcheck     as PGXS users expect, for any PG_CONFIG
#   make demo, make test, make bench          on a bare Debian or Ubuntu: install what is missing,
#                                             run in a throw-away cluster, clean up
#   make test-bi                              a BI tool over the demo's CRM, in a browser (needs npm)
#   make load                                 32 connections at once for five minutes
#   make fuzz, make sqlsmith                  the parsers under a fuzzer; random queries
#   make sanitize, make sanitize-server       the tests under sanitizers; in a PostgreSQL built for finding memory errors
#   make coverage, make lint                  the lines that the tests run; what analysers find in the sources
#   make test-majors                          make test on fresh Debian releases, one for each PostgreSQL (as root)
#   make test-upgrade                         pg_upgrade from PostgreSQL 15 to later ones, on such releases
#   make test-packages                        the archive, Debian's packages and the Dockerfile on a fresh Debian (as root)
#   make dist                                 the archive for PGXN

# Where the sources are: here, or elsewhere in a VPATH build (make -f SOURCES/Makefile in another directory).
SRC := $(patsubst %/,%,$(or $(VPATH),$(dir $(firstword $(MAKEFILE_LIST)))))
files = $(patsubst $(SRC)/%,%,$(sort $(wildcard $(1:%=$(SRC)/%))))

EXTENSION = kpi
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(SRC)/kpi.control)

# The install script: parts in the order in which they build on each other.
SQL_PARTS = core/head core/version core/progress core/period \
	summary/nps summary/rate summary/ratio summary/ratio_float summary/duration \
	summary/activity summary/retention summary/revenue summary/per_customer summary/funnel summary/rfm \
	model/clv \
	calendar/business_hours \
	target/target target/status target/summary_status target/pace target/bullet target/weights target/bridge \
	privacy/suppress \
	series/control series/forecast series/lead_lag series/sparkline \
	scorecard/tables scorecard/define scorecard/goal scorecard/measure \
	scorecard/propose scorecard/scorecard scorecard/review scorecard/profile \
	scorecard/page_parts scorecard/page scorecard/views
SQL_FILES = $(SQL_PARTS:%=$(SRC)/sql/%.sql)
SQL_TOOLS = $(wildcard $(SRC)/sql/*/*.sql) $(SRC)/sql/expand.awk $(SRC)/Makefile
# From the last released version to this one; doc/releasing.md.  Released scripts are kept as they were.
UPGRADES = $(notdir $(basename $(wildcard $(SRC)/sql/upgrade/*--$(EXTVERSION).sql)))

MODULE_big = kpi
OBJS = $(patsubst %.c,%.o,$(call files,src/*.c src/*/*.c))
KPI_HEADERS = $(wildcard $(SRC)/src/*/*.h)
DATA_built = kpi--$(EXTVERSION).sql $(UPGRADES:%=kpi--%.sql)
DATA = $(filter-out $(DATA_built:%=sql/released/%),$(call files,sql/released/*.sql))
EXTRA_CLEAN = META.json kpi--*.sql kpi-$(EXTVERSION).zip
PG_CPPFLAGS = -I$(SRC)/src -DKPI_VERSION='"$(EXTVERSION)"'

REGRESS = $(patsubst test/sql/%.sql,%,$(call files,test/sql/*.sql))
REGRESS_OPTS = --inputdir=$(SRC)/test --load-extension=kpi
# PostgreSQL's modules for TAP tests need one that not every Perl has
IPC_RUN := $(shell perl -MIPC::Run -e 'print 1' 2>/dev/null)
TAP_TESTS = $(IPC_RUN)
PROVE_TESTS = $(call files,test/t/*.pl)

# Users with several servers say which: make PG_CONFIG=/path/to/pg_config
PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
# Debian's package of a server has PGXS's makefile, but not the headers
PG_HEADERS := $(shell $(PG_CONFIG) --includedir-server 2>/dev/null)

ifneq ($(and $(wildcard $(PGXS)),$(wildcard $(PG_HEADERS)/postgres.h)),)
include $(PGXS)

$(OBJS): $(KPI_HEADERS)
# has the version in it
src/kpi.o: $(SRC)/kpi.control

# its loops over derivatives run twice as fast
src/series/smooth.o: CFLAGS += $(CFLAGS_VECTORIZE)

ifneq ($(SRC),.)
$(shell mkdir -p $(dir $(OBJS)))
# pg_regress looks for them in the current directory
installcheck: link_expected
.PHONY: link_expected
link_expected:
	ln -sfn $(SRC)/expected expected
EXTRA_CLEAN += expected
endif

ifndef IPC_RUN
installcheck: no_tap
.PHONY: no_tap
no_tap:
	@echo "The TAP tests are left out: they need the Perl module IPC::Run (Debian, Ubuntu: libipc-run-perl)."
endif

all: META.json
else
.PHONY: all install uninstall installcheck clean
all install uninstall installcheck:
	@echo "PostgreSQL's headers are missing ($(if $(wildcard $(PGXS)),no postgres.h in $(PG_HEADERS),PGXS of $(PG_CONFIG) not found))."
	@echo "Install them (Debian, Ubuntu: apt install postgresql-server-dev-all) or give PG_CONFIG=/path/to/pg_config."
	@exit 1
endif

kpi--$(EXTVERSION).sql: $(SQL_FILES) $(SQL_TOOLS) $(SRC)/kpi.control
	awk -v dir=$(SRC)/sql -f $(SRC)/sql/expand.awk $(SQL_FILES) > $@.tmp && mv $@.tmp $@

$(UPGRADES:%=kpi--%.sql): kpi--%.sql: $(SRC)/sql/upgrade/%.sql $(SQL_TOOLS)
	awk -v dir=$(SRC)/sql -f $(SRC)/sql/expand.awk $< > $@.tmp && mv $@.tmp $@

META.json: $(SRC)/META.json.in $(SRC)/kpi.control
	sed 's/@VERSION@/$(EXTVERSION)/' $< > $@.tmp && mv $@.tmp $@

.PHONY: demo test bench test-bi load fuzz sqlsmith sanitize sanitize-server coverage lint test-majors test-upgrade test-packages dist
demo:
	@demo/run
test:
	@test/run
bench:
	@bench/run
	@bench/customers
	@bench/forecast
	@bench/clv
	@bench/hours
	@bench/model
test-bi:
	@test/bi/run
load:
	@test/load/run
fuzz:
	@test/fuzz/run
sqlsmith:
	@test/sqlsmith/run
sanitize:
	@test/sanitize
sanitize-server:
	@KPI_SANITIZE_SERVER=1 test/sanitize
coverage:
	@test/coverage
lint:
	@test/lint
test-majors:
	@test/majors
test-upgrade:
	@test/majors --upgrade
test-packages:
	@test/packages
dist: META.json
	@git -C $(SRC) diff --quiet HEAD || echo "What is not committed is not in the archive."
	git -C $(SRC) archive --prefix=kpi-$(EXTVERSION)/ --add-file=$(CURDIR)/META.json -o $(CURDIR)/kpi-$(EXTVERSION).zip HEAD
