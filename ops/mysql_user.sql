-- Golazo's database on MySQL or MariaDB and the two users of it.
--
-- An administrator runs this once, with passwords of his own in place of these:
--
--   mysql < ops/mysql_user.sql
--
-- golazo_migrate defines tables, which never takes any away: `deno task migrate`
-- alone runs with it. golazo reads and writes rows: the server runs with it. To
-- have the server refuse unencrypted connections, add REQUIRE SSL to each user
-- and ?ssl=verify to DATABASE_URL.

CREATE DATABASE IF NOT EXISTS golazo CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE USER IF NOT EXISTS 'golazo_migrate'@'%' IDENTIFIED BY 'change-me-too';
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX ON golazo.* TO 'golazo_migrate'@'%';

CREATE USER IF NOT EXISTS 'golazo'@'%' IDENTIFIED BY 'change-me';
GRANT SELECT, INSERT, UPDATE, DELETE ON golazo.* TO 'golazo'@'%';
