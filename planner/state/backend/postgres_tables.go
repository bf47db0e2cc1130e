package backend

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// tablesVersion is the version of the tables that this program uses.
const tablesVersion = 1

// madeTables are the tables of version 1, made once. Others that make them at the same
// time wait for the advisory lock, whose number says "lockstep".
//
// A state has a row of its own, where its lease is kept, and each line of its log has
// one. generation is the log that counts: rows of other generations are parts of logs
// that were not finished.
const madeTables = `
select pg_advisory_xact_lock(7813577);
create schema if not exists {schema};
create table if not exists {schema}.states (
	id         integer generated always as identity primary key,
	name       text not null,
	workspace  text not null,
	generation bigint not null default 0,
	lines      integer not null default 0,
	bytes      bigint not null default 0,
	written    text not null default '',
	lease      jsonb not null default '{}',
	unique (name, workspace)
);
create table if not exists {schema}.lines (
	state      integer not null,
	generation bigint not null,
	number     integer not null,
	line       text not null,
	primary key (state, generation, number)
);
create sequence if not exists {schema}.generations;
create table if not exists {schema}.version (version integer primary key);
insert into {schema}.version values (1) on conflict do nothing;
`

const (
	selectVersion = `select max(version) from {schema}.version`

	insertState = `insert into {schema}.states (name, workspace) values ($1, $2) on conflict do nothing`

	selectState = `select id, generation, lines, bytes from {schema}.states where name = $1 and workspace = $2`

	selectWriter = `select written, coalesce(lease->>'token', '') from {schema}.states where name = $1 and workspace = $2`

	// selectLease also tells the time by the server's clock, in microseconds.
	selectLease = `select lease, (extract(epoch from clock_timestamp()) * 1000000)::bigint from {schema}.states where name = $1 and workspace = $2`

	updateLease = `update {schema}.states set lease = $4::jsonb where name = $1 and workspace = $2 and lease = $3::jsonb`

	selectLines = `select line from {schema}.lines where state = $1 and generation = $2 and number <= $3 order by number`

	// appendLines has no effect unless the log is as long as this run knows, and this
	// run has the lease if it took it.
	appendLines = `
with held as (
	update {schema}.states set lines = lines + $4::integer, bytes = bytes + $5::bigint, written = $6
	where id = $1::integer and generation = $2::bigint and lines = $3::integer and ($7::text = '' or lease->>'token' = $7::text)
	returning id
)
insert into {schema}.lines (state, generation, number, line)
select held.id, $2::bigint, $3::integer + new.n, new.line
from held, unnest(string_to_array($8::text, E'\n')) with ordinality as new (line, n)`

	nextGeneration = `select nextval('{schema}.generations')`

	stageLines = `
insert into {schema}.lines (state, generation, number, line)
select $1::integer, $2::bigint, $3::integer + new.n, new.line
from unnest(string_to_array($4::text, E'\n')) with ordinality as new (line, n)
on conflict do nothing`

	// takeOver puts a log that is there in whole in the place of all others.
	takeOver = `
with taken as (
	update {schema}.states set generation = $2::bigint, lines = $3::integer, bytes = $4::bigint, written = $2::bigint::text
	where id = $1::integer and ($5::text = '' or lease->>'token' = $5::text)
	and (select count(*) from {schema}.lines where state = $1::integer and generation = $2::bigint) = $3::integer
	returning id
), cleared as (
	delete from {schema}.lines using taken where lines.state = taken.id and lines.generation <> $2::bigint
)
select id from taken`
)

// made reports whether the tables are there, and refuses those of another version.
func (l *link) made(ctx context.Context) (bool, error) {
	if l.version == tablesVersion {
		return true, nil
	}
	_, err := l.ask(ctx, selectVersion, func(row [][]byte) error { return numbers(row, &l.version) })
	var no *pgconn.PgError
	switch {
	case errors.As(err, &no) && (no.Code == noTable || no.Code == noSchema):
		return false, nil
	case err != nil:
		return false, err
	case l.version != tablesVersion:
		return false, fmt.Errorf("the tables in the schema %s are of version %d, and this lockstep knows %d: upgrade lockstep, or write another schema_name", l.site.schema, l.version, tablesVersion)
	}
	return true, nil
}

// makeTables makes the tables where there are none.
func (l *link) makeTables(ctx context.Context) error {
	if ok, err := l.made(ctx); err != nil || ok {
		return err
	}
	// What is sent as one text is one transaction.
	if err := l.do(ctx, func(c *pgconn.PgConn) error {
		_, err := c.Exec(ctx, l.sql(madeTables)).ReadAll()
		return err
	}); err != nil {
		return fmt.Errorf("cannot make the tables: %w", err)
	}
	_, err := l.made(ctx)
	return err
}

// sql writes the name of the schema, which needs no quotes, into a statement.
func (l *link) sql(text string) string { return strings.ReplaceAll(text, "{schema}", l.site.schema) }
