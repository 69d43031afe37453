--@ # From 0.1.0 to 0.2.0: what the install script of 0.2.0 has and that of 0.1.0 (sql/released/kpi--0.1.0.sql) has not, made from
--@ # the same parts, in an order in which it builds.  test/t/017_upgrade.pl fails where the two ways end in different catalogues.
--@ #
--@ #   a new part                  --@ include FOLDER/PART.sql, and its name in SQL_PARTS of the Makefile
--@ #   a new object in an old part a file of its own; --@ include FOLDER/NEW.sql both there, where it stands, and here
--@ #   a changed body              --@ replace NAME in FOLDER/PART.sql: a function, aggregate or view with the same arguments and
--@ #                               result; all overloads of the name in that file, with their comments
--@ #   anything else               doc/releasing.md
-- complain if the script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION kpi UPDATE TO '0.2.0'" to load this file. \quit

--@ include core/version.sql
-- pg_upgrade can take these from one server to the next; those of 0.1.0 it could not
--@ replace kpi_judge in scorecard/goal.sql
--@ replace kpi_set_goal in scorecard/goal.sql
--@ replace kpi_split_goal in scorecard/goal.sql
--@ include scorecard/views.sql
