import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openBytes, textByPath } from './open-bytes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The file of a database that the statements made. */
function makeDatabase(name: string, fill: (database: DatabaseSync) => void): Buffer {
  const path = join(folder, name);
  const database = new DatabaseSync(path);
  fill(database);
  database.close();
  return readFileSync(path);
}

it('a table without row ids shows all of its rows, the columns of its key first', async () => {
  const bytes = makeDatabase('keyed.db', (database) => {
    database.exec('CREATE TABLE people (name TEXT, town TEXT, age INT, PRIMARY KEY (town, name)) WITHOUT ROWID');
    database.exec('BEGIN');
    const add = database.prepare('INSERT INTO people VALUES (?, ?, ?)');
    for (let at = 0; at < 2000; at += 1) add.run(`person ${at} ${'x'.repeat(at % 900)}`, `town ${at % 7}`, at);
    database.exec('COMMIT');
  });
  const shown = textByPath(await openBytes(bytes, { everyCell: true }))['file › people']?.split('\n') ?? [];
  expect(shown[0]).toBe('town\tname\tage');
  expect(shown).toHaveLength(2001);
  expect(shown).toContain(`town 3\tperson 1004 ${'x'.repeat(104)}\t1004`);
});

it('a file kept in a cell is opened', async () => {
  const bytes = makeDatabase('files.db', (database) => {
    database.exec('CREATE TABLE files (id INTEGER PRIMARY KEY, content BLOB)');
    database.prepare('INSERT INTO files VALUES (?, ?)').run(7, gzipSync('words in a file in a cell'));
  });
  const shown = Object.entries(textByPath(await openBytes(bytes)));
  expect(shown).toContainEqual([expect.stringContaining('files content 7'), 'words in a file in a cell']);
});
