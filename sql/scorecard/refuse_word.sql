-- Refusing a word: src/scorecard/refuse.c

CREATE FUNCTION kpi_refuse_word(message text, given text, known text[]) RETURNS boolean
	AS 'MODULE_PATHNAME', 'kpi_refuse_word' LANGUAGE C VOLATILE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION kpi_refuse_word(text, text, text[]) IS
	'private: always an error, 22023 with this message and a hint that names the known words, the most alike first';
