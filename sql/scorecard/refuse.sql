-- Refusing: src/scorecard/refuse.c
--@ since 0.2.0

CREATE FUNCTION kpi_refuse_large(message text, hint text DEFAULT NULL) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_refuse_large' LANGUAGE C VOLATILE PARALLEL SAFE;
COMMENT ON FUNCTION kpi_refuse_large(text, text) IS 'private: always an error, 54000 with this message and hint';

-- DROP EXTENSION takes the tables along as it does all that an extension has.  An event trigger, since nothing outside
-- of the extension that could depend on them may be made by everybody who defines a KPI, restored by everybody who
-- restores, and there for rows that come in by a restore.
CREATE FUNCTION kpi_refuse_drop() RETURNS event_trigger
	AS 'MODULE_PATHNAME', 'kpi_refuse_drop' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION kpi_refuse_drop() IS 'private: what the event trigger kpi_refuse_drop does';
CREATE EVENT TRIGGER kpi_refuse_drop ON ddl_command_start
	WHEN TAG IN ('DROP EXTENSION', 'DROP OWNED') EXECUTE FUNCTION kpi_refuse_drop();
-- in a session of replication too
ALTER EVENT TRIGGER kpi_refuse_drop ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER kpi_refuse_drop IS
	'refuses DROP EXTENSION kpi, and DROP OWNED by who owns it, while the scorecard has rows (2BP01), unless with '
	'CASCADE, or with kpi.drop_scorecard = on in the session, for pg_restore --clean';
