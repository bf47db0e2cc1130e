package backendtest

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// Run carries SQL statements out.
func (p *Postgres) Run(ctx context.Context, sql string) error {
	_, err := p.Query(ctx, sql)
	return err
}

// Query carries SQL statements out, and returns the rows of the last one, each value
// as text.
func (p *Postgres) Query(ctx context.Context, sql string) (rows [][]string, err error) {
	conn, err := pgconn.Connect(ctx, p.Address()+"?application_name="+ours)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil || len(results) == 0 {
		return nil, err
	}
	for _, values := range results[len(results)-1].Rows {
		row := make([]string, len(values))
		for i, value := range values {
			row[i] = string(value)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// ours names the connections of tests to the server.
const ours = "backendtest"

// Break ends all connections to the server, except those of Run and Query.
func (p *Postgres) Break(ctx context.Context) error {
	return p.Run(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname is not null and application_name <> '"+ours+"'")
}

// Open returns how many connections there are, except those of Run and Query.
func (p *Postgres) Open(ctx context.Context) (int, error) {
	rows, err := p.Query(ctx, "select count(*) from pg_stat_activity where datname is not null and application_name <> '"+ours+"'")
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(rows[0][0])
}
