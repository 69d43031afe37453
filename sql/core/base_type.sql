--@ # A base type of ours, TYPE, with its COMMENT, ABOUT: text and binary forms, equality, hashing, order.
--@ makes @TYPE@, @TYPE@_in, @TYPE@_out, @TYPE@_recv, @TYPE@_send, @TYPE@_eq, @TYPE@_ne, @TYPE@_lt, @TYPE@_le,
--@   @TYPE@_gt, @TYPE@_ge, @TYPE@_cmp, @TYPE@_hash, @TYPE@_hash_extended, @TYPE@_ops
-- @TYPE@: text and binary forms, equality, hashing, order
CREATE TYPE @TYPE@;

CREATE FUNCTION @TYPE@_in(cstring) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_in(cstring) IS 'reads the text form; 22P02 if it is not valid';
CREATE FUNCTION @TYPE@_out(@TYPE@) RETURNS cstring
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_out(@TYPE@) IS 'writes the text form, lossless';
CREATE FUNCTION @TYPE@_recv(internal) RETURNS @TYPE@
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_recv(internal) IS 'reads the binary form; 22P03 if it is not valid';
CREATE FUNCTION @TYPE@_send(@TYPE@) RETURNS bytea
	AS 'MODULE_PATHNAME', 'kpi_@TYPE@_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_send(@TYPE@) IS 'writes the binary form, lossless and versioned';

CREATE TYPE @TYPE@ (
	INPUT = @TYPE@_in, OUTPUT = @TYPE@_out, RECEIVE = @TYPE@_recv, SEND = @TYPE@_send,
	INTERNALLENGTH = VARIABLE, ALIGNMENT = double, STORAGE = extended
);
COMMENT ON TYPE @TYPE@ IS '@ABOUT@';

--@ for NAME | WHAT
--@ | eq   | equal
--@ | ne   | not equal
--@ | lt   | before in bytewise order
--@ | le   | before in bytewise order or equal
--@ | gt   | after in bytewise order
--@ | ge   | after in bytewise order or equal
CREATE FUNCTION @TYPE@_@NAME@(@TYPE@, @TYPE@) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_value_@NAME@' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_@NAME@(@TYPE@, @TYPE@) IS '@WHAT@';
--@ end
CREATE FUNCTION @TYPE@_cmp(@TYPE@, @TYPE@) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_cmp(@TYPE@, @TYPE@) IS
	'bytewise order as -1, 0, 1, for sorting and grouping; it says nothing about which KPI is better';
CREATE FUNCTION @TYPE@_hash(@TYPE@) RETURNS integer
	AS 'MODULE_PATHNAME', 'kpi_value_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_hash(@TYPE@) IS 'hash of the value';
CREATE FUNCTION @TYPE@_hash_extended(@TYPE@, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'kpi_value_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION @TYPE@_hash_extended(@TYPE@, bigint) IS 'hash of the value with a seed';

CREATE OPERATOR = (
	LEFTARG = @TYPE@, RIGHTARG = @TYPE@, FUNCTION = @TYPE@_eq,
	COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR = (@TYPE@, @TYPE@) IS 'equal';
CREATE OPERATOR <> (
	LEFTARG = @TYPE@, RIGHTARG = @TYPE@, FUNCTION = @TYPE@_ne,
	COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel
);
COMMENT ON OPERATOR <> (@TYPE@, @TYPE@) IS 'not equal';
--@ for OP | NAME | COMMUTATOR | NEGATOR
--@ | <  | lt   | >          | >=
--@ | <= | le   | >=         | >
--@ | >  | gt   | <          | <=
--@ | >= | ge   | <=         | <
CREATE OPERATOR @OP@ (
	LEFTARG = @TYPE@, RIGHTARG = @TYPE@, FUNCTION = @TYPE@_@NAME@,
	COMMUTATOR = @COMMUTATOR@, NEGATOR = @NEGATOR@, RESTRICT = scalar@NAME@sel, JOIN = scalar@NAME@joinsel
);
COMMENT ON OPERATOR @OP@ (@TYPE@, @TYPE@) IS
	'bytewise order, for sorting and grouping; it says nothing about which KPI is better';
--@ end

CREATE OPERATOR CLASS @TYPE@_ops DEFAULT FOR TYPE @TYPE@ USING btree AS
	OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >,
	FUNCTION 1 @TYPE@_cmp(@TYPE@, @TYPE@);
COMMENT ON OPERATOR CLASS @TYPE@_ops USING btree IS 'bytewise order';
CREATE OPERATOR CLASS @TYPE@_ops DEFAULT FOR TYPE @TYPE@ USING hash AS
	OPERATOR 1 =,
	FUNCTION 1 @TYPE@_hash(@TYPE@),
	FUNCTION 2 @TYPE@_hash_extended(@TYPE@, bigint);
COMMENT ON OPERATOR CLASS @TYPE@_ops USING hash IS 'equality of values';
--@ for METHOD in btree | hash
COMMENT ON OPERATOR FAMILY @TYPE@_ops USING @METHOD@ IS 'of the operator class @TYPE@_ops';
--@ end

