/*
 * server.h
 *		Valgrind's client requests, as far as PostgreSQL makes them, said to
 *		AddressSanitizer.  In test/tools/server it is <valgrind/memcheck.h>.
 *
 *		What valgrind calls undefined and defined is both addressable here:
 *		AddressSanitizer does not follow whether memory was set.
 */
#ifndef KPI_TEST_SERVER_H
#define KPI_TEST_SERVER_H

#include <sanitizer/asan_interface.h>

#define VALGRIND_MAKE_MEM_NOACCESS(addr, size) __asan_poison_memory_region((addr), (size))
#define VALGRIND_MAKE_MEM_UNDEFINED(addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_MAKE_MEM_DEFINED(addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_MEMPOOL_ALLOC(pool, addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_MEMPOOL_FREE(pool, addr) ((void) 0)
#define VALGRIND_MEMPOOL_CHANGE(pool, old, addr, size) __asan_unpoison_memory_region((addr), (size))
#define VALGRIND_CREATE_MEMPOOL(pool, red, zeroed) ((void) 0)
#define VALGRIND_DESTROY_MEMPOOL(pool) ((void) 0)
#define VALGRIND_MEMPOOL_TRIM(pool, addr, size) ((void) 0)
#define VALGRIND_MOVE_MEMPOOL(old, new) ((void) 0)
#define VALGRIND_CHECK_MEM_IS_DEFINED(addr, size) ((void) 0)
#define VALGRIND_CHECK_VALUE_IS_DEFINED(value) ((void) 0)
#define VALGRIND_PRINTF(...) ((void) 0)
#define VALGRIND_COUNT_ERRORS 0
#define RUNNING_ON_VALGRIND 0

#endif
