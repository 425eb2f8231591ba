enum StoreSQLitePlaceholder {}
