// Debian: libsqlite3-dev. The two functions are variadic, which Swift cannot call.
#include <sqlite3.h>

/// Before SQLite is first used: lets it count no memory. Its counters are one lock for every allocation of every connection.
static inline int pratique_sqlite_without_memory_counters(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Makes a misspelled name in double quotes an error on `connection`, and not a text.
static inline int pratique_sqlite_without_quoted_texts(sqlite3 *connection) {
    int result = sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, (void *)0);
    return result != SQLITE_OK ? result : sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, (void *)0);
}
