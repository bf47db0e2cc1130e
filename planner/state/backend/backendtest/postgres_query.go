package backendtest

import (
	"context"
	"errors"

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
	conn, err := pgconn.Connect(ctx, p.Address())
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

// Break ends all connections to the server but its own.
func (p *Postgres) Break(ctx context.Context) error {
	return p.Run(ctx, "select pg_terminate_backend(pid) from pg_stat_activity where datname is not null and pid <> pg_backend_pid()")
}
