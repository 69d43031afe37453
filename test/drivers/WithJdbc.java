// JDBC: what it makes of the types of kpi, and how it gives them.  Run by test/t/054_jdbc.pl, the connection in PG*.
import java.math.BigDecimal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.sql.*;
import java.time.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;
import org.postgresql.util.PGBinaryObject;

public class WithJdbc {
	static final String URL = "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/" + System.getenv("PGDATABASE");

	static final String INFINITY = "infinite";

	static Connection connect(String... options) throws SQLException {
		Properties properties = new Properties();
		properties.setProperty("user", System.getenv("PGUSER"));
		for (int i = 0; i < options.length; i += 2)
			properties.setProperty(options[i], options[i + 1]);
		return DriverManager.getConnection(URL, properties);
	}

	static void line(Object... fields) {
		StringJoiner line = new StringJoiner("\t");
		for (Object f : fields)
			line.add(String.valueOf(f).replace("\n", "\\n").replace("\t", "\\t"));
		System.out.println(line);
	}

	static void check(String name, Object got, Object expected) {
		if (got instanceof List && expected instanceof List && ((List<?>) got).size() == ((List<?>) expected).size())
			for (int i = 0; i < ((List<?>) got).size(); i++)
				if (!Objects.equals(((List<?>) got).get(i), ((List<?>) expected).get(i)))
					line("not ok", name + ", " + i, "got " + ((List<?>) got).get(i) + ", expected " + ((List<?>) expected).get(i));
		if (Objects.equals(got, expected))
			line("ok", name);
		else
			line("not ok", name, "got " + got + ", expected " + expected);
	}

	static String text(Object v) throws SQLException {
		if (v == null)
			return "\\N";
		if (v instanceof BigDecimal)
			return ((BigDecimal) v).toPlainString();
		if (v instanceof PGInterval) {
			PGInterval i = (PGInterval) v;
			return String.valueOf((((i.getDays() * 24L + i.getHours()) * 60 + i.getMinutes()) * 60 + i.getWholeSeconds()) * 1000000 + i.getMicroSeconds());
		}
		if (v instanceof java.sql.Array) {
			StringJoiner elements = new StringJoiner(",", "{", "}");
			for (Object element : (Object[]) ((java.sql.Array) v).getArray())
				elements.add(element == null ? "NULL" : element.toString());
			return elements.toString();
		}
		return v.toString();
	}

	// The queries.  Prepared on the server and with results in binary, when the connection says so.
	static List<String> queries(Connection db, boolean report) throws SQLException {
		List<String> all = new ArrayList<>();
		Set<String> infinite = new HashSet<>();
		try (Statement list = db.createStatement(); ResultSet query = list.executeQuery("SELECT id, sql FROM kpi_test.query ORDER BY id")) {
			while (query.next()) {
				String sql = query.getString(2);
				try (PreparedStatement stmt = db.prepareStatement(sql)) {
					try (ResultSet rows = stmt.executeQuery()) {
						ResultSetMetaData about = rows.getMetaData();
						List<Object> columns = new ArrayList<>(List.of("C", query.getString(1)));
						for (int i = 1; i <= about.getColumnCount(); i++) {
							columns.add(about.getColumnLabel(i));
							columns.add(JDBCType.valueOf(about.getColumnType(i)) + ":" + about.getColumnClassName(i).replaceAll(".*\\.", ""));
						}
						if (report)
							line(columns.toArray());
						while (rows.next()) {
							List<Object> row = new ArrayList<>(List.of("R", query.getString(1)));
							for (int i = 1; i <= about.getColumnCount(); i++) {
								Object value;
								try {
									value = rows.getObject(i);
								} catch (SQLException | IllegalArgumentException error) {
									// a BigDecimal has no infinity
									value = INFINITY;
									if (about.getColumnType(i) != Types.NUMERIC || !error.getMessage().matches(".*(Infinity|invalid sign).*"))
										throw error;
									infinite.add(query.getString(1));
								}
								if (value != null && value != INFINITY && !(about.getColumnClassName(i).equals(value.getClass().getName()) || value instanceof java.sql.Array || value instanceof PGobject))
									line("not ok", sql + ": the class of a value", value.getClass() + " is not " + about.getColumnClassName(i));
								// as a number, whatever the tool asks for
								if (value instanceof Number && rows.getDouble(i) != ((Number) value).doubleValue())
									line("not ok", sql + ": getDouble", rows.getDouble(i) + " is not " + value);
								row.add(text(value == INFINITY && report ? rows.getString(i) : value));
							}
							if (report)
								line(row.toArray());
							all.add(infinite.contains(query.getString(1)) ? "infinite" : row.toString());
						}
					}
				}
			}
		}
		return all;
	}

	// A type of ours, as text
	static PGobject object(String type, String value) throws SQLException {
		PGobject object = new PGobject();
		object.setType(type);
		object.setValue(value);
		return object;
	}

	// and as its binary form.
	public static class Binary extends PGobject implements PGBinaryObject {
		private static final long serialVersionUID = 1;
		byte[] bytes;

		public void setByteValue(byte[] value, int offset) {
			bytes = Arrays.copyOfRange(value, offset, value.length);
		}

		public int lengthInBytes() {
			return bytes.length;
		}

		public void toBytes(byte[] target, int offset) {
			System.arraycopy(bytes, 0, target, offset, bytes.length);
		}
	}

	static List<String> column(Connection db, String sql) throws SQLException {
		List<String> all = new ArrayList<>();
		try (Statement stmt = db.createStatement(); ResultSet rows = stmt.executeQuery(sql)) {
			while (rows.next())
				all.add(rows.getString(1));
		}
		return all;
	}

	static void execute(Connection db, String sql) throws SQLException {
		try (Statement stmt = db.createStatement()) {
			stmt.execute(sql);
		}
	}

	static void values(Connection db, String type) throws Exception {
		List<String> literals = column(db, "SELECT literal FROM kpi_test.value WHERE type = '" + type + "' ORDER BY id");
		String into = "\"into " + type + "\"", all = "SELECT v FROM " + into + " ORDER BY id";

		// text, in a batch
		try (PreparedStatement insert = db.prepareStatement("INSERT INTO " + into + " (id, v) VALUES (?, ?)")) {
			for (int i = 0; i < literals.size(); i++) {
				insert.setInt(1, i);
				if (i % 2 == 0)
					insert.setObject(2, object(type, literals.get(i)));
				else
					insert.setObject(2, literals.get(i), Types.OTHER);
				insert.addBatch();
			}
			insert.executeBatch();
		}
		check("batch " + type, column(db, all), literals);

		// what comes is a PGobject
		try (Statement stmt = db.createStatement(); ResultSet rows = stmt.executeQuery(all)) {
			rows.next();
			Object value = rows.getObject(1);
			check("object " + type, value instanceof PGobject ? ((PGobject) value).getType() + " " + ((PGobject) value).getValue() : value.getClass(), type + " " + literals.get(0));
		}

		// binary both ways, for types that the connection is told by number
		List<byte[]> sent = new ArrayList<>(), got = new ArrayList<>();
		try (Statement stmt = db.createStatement(); ResultSet rows = stmt.executeQuery("SELECT " + type + "_send(v) FROM " + into + " ORDER BY id")) {
			while (rows.next())
				sent.add(rows.getBytes(1));
		}
		execute(db, "TRUNCATE " + into);
		String number = column(db, "SELECT oid FROM pg_type WHERE typname = '" + type + "'").get(0);
		try (Connection binary = connect("binaryTransferEnable", number, "prepareThreshold", "-1")) {
			binary.unwrap(PGConnection.class).addDataType(type, Binary.class);
			try (PreparedStatement insert = binary.prepareStatement("INSERT INTO " + into + " (id, v) VALUES (?, ?)")) {
				for (int i = 0; i < sent.size(); i++) {
					Binary value = new Binary();
					value.setType(type);
					value.setByteValue(sent.get(i), 0);
					insert.setInt(1, i);
					insert.setObject(2, value);
					insert.executeUpdate();
				}
			}
			check("binary " + type, column(db, all), literals);
			try (PreparedStatement stmt = binary.prepareStatement(all)) {
				stmt.executeQuery().close();
				try (ResultSet rows = stmt.executeQuery()) {
					while (rows.next())
						got.add(((Binary) rows.getObject(1)).bytes);
				}
			}
			check("binary out " + type, Arrays.deepToString(got.toArray()), Arrays.deepToString(sent.toArray()));
		}

		// arrays
		try (PreparedStatement stmt = db.prepareStatement("SELECT ?")) {
			String[] given = literals.toArray(new String[literals.size() + 1]);     // the last is NULL
			stmt.setArray(1, db.createArrayOf(type, given));
			try (ResultSet rows = stmt.executeQuery()) {
				rows.next();
				List<String> elements = new ArrayList<>();
				for (Object o : (Object[]) rows.getArray(1).getArray())
					elements.add(o == null ? null : o instanceof PGobject ? ((PGobject) o).getValue() : o.toString());
				check("array " + type, elements, Arrays.asList(given));
			}
		}

		// COPY
		CopyManager copy = db.unwrap(PGConnection.class).getCopyAPI();
		for (String how : List.of("text", "binary")) {
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			execute(db, "TRUNCATE " + into);
			copy.copyOut("COPY \"of " + type + "\" TO STDOUT (FORMAT " + how + ")", out);
			copy.copyIn("COPY " + into + " FROM STDIN (FORMAT " + how + ")", new ByteArrayInputStream(out.toByteArray()));
			check("COPY " + how + " " + type, column(db, "SELECT count(*) FROM \"of " + type + "\" o JOIN " + into + " i USING (id) WHERE (i.v, i.a) IS NOT DISTINCT FROM (o.v, o.a)"),
				column(db, "SELECT count(*) FROM \"of " + type + "\""));
		}

		// what a tool learns of a column
		try (ResultSet about = db.getMetaData().getColumns(null, "public", "into " + type, "v")) {
			about.next();
			check("getColumns " + type, about.getString("TYPE_NAME") + " " + JDBCType.valueOf(about.getInt("DATA_TYPE")), type + " OTHER");
		}
	}

	static void bind(PreparedStatement stmt, int i, String kind, String given) throws SQLException {
		boolean isNull = given == null || given.equals("NULL");
		switch (kind) {
			case "int":
				if (isNull) stmt.setNull(i, Types.INTEGER); else stmt.setInt(i, Integer.parseInt(given));
				break;
			case "float":
				if (isNull) stmt.setNull(i, Types.DOUBLE); else stmt.setDouble(i, Double.parseDouble(given));
				break;
			case "decimal":
				stmt.setBigDecimal(i, new BigDecimal(given));
				break;
			case "date":
				stmt.setObject(i, LocalDate.parse(given));
				break;
			case "timestamp":
				stmt.setObject(i, LocalDateTime.parse(given.replace(' ', 'T')));
				break;
			case "timestamptz":
				stmt.setObject(i, OffsetDateTime.parse(given.replace(' ', 'T').replace("+00", "Z")));
				break;
			case "text":
				stmt.setString(i, given);
				break;
			default:
				stmt.setObject(i, given, Types.OTHER);
		}
	}

	// Calls with parameters, six times, so that they are prepared on the server at the fifth
	static void calls(Connection db, String name) throws SQLException {
		try (Statement list = db.createStatement(); ResultSet call = list.executeQuery("SELECT id, sql, kinds, arguments, expected FROM kpi_test.call ORDER BY id")) {
			while (call.next()) {
				String[] kinds = (String[]) call.getArray(3).getArray(), given = (String[]) call.getArray(4).getArray();
				try (PreparedStatement stmt = db.prepareStatement(call.getString(2).replaceAll("\\$\\d", "?"))) {
					Set<String> got = new HashSet<>();
					for (int time = 0; time < 6; time++) {
						for (int i = 0; i < kinds.length; i++)
							bind(stmt, i + 1, kinds[i], given[i]);
						try (ResultSet rows = stmt.executeQuery()) {
							rows.next();
							got.add(rows.getString(1));
						}
					}
					check(name + " " + call.getInt(1), got, Collections.singleton(call.getString(5)));
				} catch (SQLException error) {
					line("not ok", name + " " + call.getInt(1), call.getString(2) + ": " + error.getMessage());
				}
			}
		}
	}

	static String state(Connection db, String sql, Object... values) throws SQLException {
		try (PreparedStatement stmt = db.prepareStatement(sql)) {
			for (int i = 0; i < values.length; i++)
				stmt.setObject(i + 1, values[i]);
			stmt.executeQuery().close();
			return "none";
		} catch (SQLException error) {
			return error.getSQLState();
		}
	}

	// The session has the zone of the JVM: what reads it, says so.
	static void zones() throws SQLException {
		TimeZone before = TimeZone.getDefault();
		String sql = "SELECT kpi_period('2026-01-31 23:30+00'::timestamptz, 'month')";
		for (String[] zone : new String[][] { { "UTC", "2026-01-01" }, { "Europe/Berlin", "2026-02-01" } }) {
			TimeZone.setDefault(TimeZone.getTimeZone(zone[0]));
			try (Connection db = connect()) {
				check("zone " + zone[0], column(db, "SELECT current_setting('TimeZone')"), List.of(zone[0]));
				check("month " + zone[0], column(db, sql), List.of(zone[1]));
				// a java.sql.Date has no type on the way; it is midnight of the JVM's zone, and so of the session's
				try (PreparedStatement stmt = db.prepareStatement("SELECT kpi_period(?, 'month')")) {
					stmt.setDate(1, java.sql.Date.valueOf("2026-02-01"));
					try (ResultSet rows = stmt.executeQuery()) {
						rows.next();
						check("setDate " + zone[0], rows.getString(1), "2026-02-01");
					}
				}
				// summaries of two zones do not merge
				check("summaries " + zone[0], state(db, "SELECT rollup(s) FROM (VALUES ('(month,bigint,0,\"UTC\";1:672)'::activity_summary), (activity_summary_of_now())) v(s)"), zone[0].equals("UTC") ? "none" : "22023");
				check("options " + zone[0], column(connect("options", "-c TimeZone=Asia/Tehran"), "SELECT current_setting('TimeZone')"), List.of(zone[0]));
			}
		}
		TimeZone.setDefault(before);
	}

	static void example(Connection db) throws SQLException {
		execute(db, "CREATE TABLE survey (day date, score int); CREATE TABLE survey_day (day date PRIMARY KEY, nps nps_summary)");
		execute(db, "INSERT INTO survey VALUES ('2026-02-05', 10), ('2026-02-05', 9), ('2026-02-05', 3), ('2026-02-06', 9)");
		String target = ">= 50 warn 30";
		List<Object> results = new ArrayList<>();

		// The example of doc/drivers.md.
		try (PreparedStatement query = db.prepareStatement(
				"SELECT nps_agg(score), kpi_status(nps_agg(score), ?), nps_summary(score) FROM survey WHERE day >= ?")) {
			query.setObject(1, target, Types.OTHER);                // not setString: that says varchar
			query.setObject(2, LocalDate.of(2026, 2, 5));
			try (ResultSet row = query.executeQuery()) {
				row.next();
				double nps = row.getDouble(1);
				String status = row.getString(2);
				String summary = row.getString(3);                  // (3,0,1)
				results.addAll(List.of(nps, status, summary));
			}
		}
		try (PreparedStatement insert = db.prepareStatement("INSERT INTO survey_day VALUES (?, ?::nps_summary)")) {
			insert.setObject(1, LocalDate.of(2026, 2, 5));
			insert.setString(2, "(3,0,1)");                         // with a cast, setString will do
			insert.executeUpdate();
		}

		results.addAll(column(db, "SELECT nps FROM survey_day"));
		check("example", results, List.of(50.0, "green", "(3,0,1)", "(3,0,1)"));
	}

	public static void main(String[] arguments) throws Exception {
		TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
		Connection db = connect();
		List<String> extended = queries(db, true);

		// the same with every statement prepared on the server at once, results in binary where the driver knows the type
		Connection binary = connect("prepareThreshold", "-1", "binaryTransfer", "true");
		List<String> plain = queries(connect("preferQueryMode", "simple"), false);
		check("simple and extended", extended, plain);
		check("binary", queries(binary, false), plain);
		check("rows", plain.size() > 500, true);

		for (String type : column(db, "SELECT name FROM kpi_test.base_type ORDER BY 1"))
			values(db, type);
		calls(db, "call");
		calls(binary, "binary call");
		calls(connect("stringtype", "unspecified", "preferQueryMode", "simple"), "simple call");
		check("prepared", column(binary, "SELECT count(*) > 20 FROM pg_prepared_statements WHERE NOT from_sql"), List.of("t"));

		// setString says varchar, for which there is no kpi_status; with stringtype=unspecified it may be anything
		check("setString", state(db, "SELECT kpi_status(1.0::float8, ?)", ">= 50"), "42883");
		check("setString unspecified", state(connect("stringtype", "unspecified"), "SELECT kpi_status(1.0::float8, ?)", ">= 50"), "none");
		check("bad text", state(db, "SELECT nps(?)", object("nps_summary", "(1,2)")), "22P02");
		check("out of range", state(db, "SELECT nps_agg(?)", 11), "22003");

		// rows in parts: a portal
		String movements = "SELECT (period, opening, nrr)::text FROM revenue_movements((SELECT revenue_summary(h(id, 40)::bigint, due::date, den, 'month') FROM sample), as_of => '2024-09-30')";
		List<String> whole = column(db, movements), parts = new ArrayList<>();
		db.setAutoCommit(false);
		try (Statement stmt = db.createStatement()) {
			stmt.setFetchSize(2);
			try (ResultSet rows = stmt.executeQuery(movements)) {
				while (rows.next())
					parts.add(rows.getString(1));
			}
		}
		db.commit();
		db.setAutoCommit(true);
		check("fetch size", parts, whole);
		check("fetch size rows", whole.size() > 5, true);

		// the types that the driver lists
		Set<String> listed = new HashSet<>();
		try (ResultSet types = db.getMetaData().getTypeInfo()) {
			while (types.next())
				listed.add(types.getString("TYPE_NAME").replaceAll(".*\\.|\"", ""));
		}
		check("getTypeInfo", listed.containsAll(column(db, "SELECT name FROM kpi_test.base_type")), true);
		try (ResultSet functions = db.getMetaData().getFunctions(null, "public", "attainment")) {
			check("getFunctions", functions.next(), true);
		}
		execute(db, "CREATE FUNCTION activity_summary_of_now() RETURNS activity_summary RETURN (SELECT activity_summary(2::bigint, '2026-01-10 12:00+00'::timestamptz, 'month'))");
		zones();
		example(db);
	}
}
