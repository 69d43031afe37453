/*
 * worker.c
 *		The scorecard on the nodes of Citus.
 *
 *		CREATE EXTENSION reaches every node, and so each worker has the scorecard's
 *		tables, which nobody there reads.  Citus keeps a node's group in
 *		pg_catalog.pg_dist_local_group, one row of one integer: 0 is the coordinator.
 *		Only a superuser makes tables in pg_catalog.
 */
#include "scorecard/worker.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/*
 * worker_is_here() -
 *
 *	Is this node a worker of Citus?  It has a group of its own in pg_dist_local_group,
 *	which is 0 on the coordinator; where there is no such table there is no Citus.
 */
static bool
worker_is_here(void)
{
	Oid			oid = get_relname_relid("pg_dist_local_group", PG_CATALOG_NAMESPACE);
	bool		worker = false;
	Relation	relation;
	Form_pg_attribute group;

	if (!OidIsValid(oid) || get_rel_relkind(oid) != RELKIND_RELATION)
		return false;
	relation = table_open(oid, AccessShareLock);
	group = TupleDescAttr(RelationGetDescr(relation), 0);
	if (group->atttypid == INT4OID && !group->attisdropped)
	{
		SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, GetActiveSnapshot(), 0, NULL);
		HeapTuple	tuple;

		while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		{
			bool		is_null;
			Datum		value = heap_getattr(tuple, 1, RelationGetDescr(relation), &is_null);

			worker |= !is_null && DatumGetInt32(value) != 0;
		}
		systable_endscan(scan);
	}
	table_close(relation, AccessShareLock);
	return worker;
}

/* The error where this node is a worker of Citus: 0A000, of which `what` is the beginning of the message. */
void
kpi_refuse_worker(const char *what)
{
	if (worker_is_here())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s on a worker of Citus", what),
				 errhint("The scorecard is the coordinator's: connect to it.")));
}
