import { afterAll } from 'vitest';
import { cacheMigrations, createDatabaseStore } from '../../src/llm/cache/database-store.ts';
import { createRedisStore } from '../../src/llm/cache/redis-store.ts';
import { type Database, migrate, openDatabase } from '../../src/storage/index.ts';
import { answerStoreCases, keysOfCases } from '../answer-store-cases.ts';
import { newSchema, testOnPostgres } from './postgres.ts';
import { redisServer, removeFromRedis, testOnRedis } from './redis.ts';

const opened: Database[] = [];

answerStoreCases('postgresql', testOnPostgres, async () => {
  const url = await newSchema();
  const database = await openDatabase({ home: '', url, holder: 'the tests', access: 'own' });
  opened.push(database);
  await migrate(database, cacheMigrations);
  return createDatabaseStore(database, 100);
});

answerStoreCases('redis', testOnRedis, async () => createRedisStore(redisServer, 3_600_000));

afterAll(async () => {
  for (const database of opened) await database.close();
  await removeFromRedis(keysOfCases('redis').map((key) => `orrery:answer:${key}`));
});
