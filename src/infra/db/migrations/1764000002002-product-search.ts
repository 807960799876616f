import type { MigrationInterface, QueryRunner } from 'typeorm';
import { isSqlite } from './columns.ts';

/**
 * One row per product and language: the name shown (the English one where there is no translation), what it sorts
 * by, and the search terms that the program makes itself. Full-text indexes are each server's own, so this table
 * is raw DDL and no EntitySchema knows it.
 */
const MYSQL = `CREATE TABLE product_search (
  product_id varchar(36) NOT NULL,
  locale varchar(5) NOT NULL,
  name varchar(200) NOT NULL,
  sort_name varchar(200) NOT NULL,
  body mediumtext NOT NULL,
  PRIMARY KEY (product_id, locale),
  KEY idx_product_search_name (locale, sort_name, product_id),
  FULLTEXT KEY ft_product_search_body (body),
  CONSTRAINT fk_product_search_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE
) ENGINE=InnoDB`;

/** FTS5 indexes the table through triggers, so that the statements that write it are the same everywhere. */
const SQLITE = [
  `CREATE TABLE product_search (
    id integer PRIMARY KEY,
    product_id varchar(36) NOT NULL,
    locale varchar(5) NOT NULL,
    name varchar(200) NOT NULL,
    sort_name varchar(200) NOT NULL,
    body text NOT NULL,
    CONSTRAINT fk_product_search_product FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE
  )`,
  'CREATE UNIQUE INDEX uq_product_search_product ON product_search (product_id, locale)',
  'CREATE INDEX idx_product_search_name ON product_search (locale, sort_name, product_id)',
  `CREATE VIRTUAL TABLE product_search_index USING fts5(body, content='product_search', content_rowid='id', tokenize='ascii', detail='none')`,
  `CREATE TRIGGER product_search_insert AFTER INSERT ON product_search BEGIN
    INSERT INTO product_search_index(rowid, body) VALUES (new.id, new.body);
  END`,
  `CREATE TRIGGER product_search_delete AFTER DELETE ON product_search BEGIN
    INSERT INTO product_search_index(product_search_index, rowid, body) VALUES ('delete', old.id, old.body);
  END`,
  `CREATE TRIGGER product_search_update AFTER UPDATE OF body ON product_search BEGIN
    INSERT INTO product_search_index(product_search_index, rowid, body) VALUES ('delete', old.id, old.body);
    INSERT INTO product_search_index(rowid, body) VALUES (new.id, new.body);
  END`,
];

export class ProductSearch1764000002002 implements MigrationInterface {
  readonly name = 'ProductSearch1764000002002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of isSqlite(runner) ? SQLITE : [MYSQL]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (isSqlite(runner)) await runner.query('DROP TABLE product_search_index');
    await runner.query('DROP TABLE product_search');
  }
}
