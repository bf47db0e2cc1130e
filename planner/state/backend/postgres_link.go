package backend

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Codes of PostgreSQL's documentation, Appendix A, "PostgreSQL Error Codes".
const (
	noTable    = "42P01"
	noSchema   = "3F000"
	noRight    = "42501"
	noDatabase = "3D000"
	noPassword = "28P01"
	noLogin    = "28000"
	noWrites   = "25006"
	// tooMany connections are open, which passes.
	tooMany = "53300"
	// Classes of codes: the connection broke, and an operator ended the server or the
	// connection.
	classConnection = "08"
	classOperator   = "57"
)

// link is a connection that is made when it is needed, and anew after it broke.
type link struct {
	site postgresSite
	conn *pgconn.PgConn
	// version of the tables; 0 before they were looked at.
	version int
}

func (l *link) close() {
	if l.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), firstPause)
	defer cancel()
	// A server that does not hear it notices by itself.
	_ = l.conn.Close(ctx)
	l.conn = nil
}

// ask carries one statement out and hands each row that it gives. A row must not be
// kept. Arguments are int, string or []byte.
func (l *link) ask(ctx context.Context, statement string, each func(row [][]byte) error, args ...any) (tag pgconn.CommandTag, err error) {
	values := make([][]byte, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case []byte:
			values[i] = arg
		case int:
			values[i] = strconv.AppendInt(nil, int64(arg), 10)
		case string:
			values[i] = []byte(arg)
		}
	}
	err = l.do(ctx, func(c *pgconn.PgConn) error {
		rows := c.ExecParams(ctx, l.sql(statement), values, nil, nil, nil)
		var wrong error
		for rows.NextRow() {
			if each != nil && wrong == nil {
				wrong = each(rows.Values())
			}
		}
		var err error
		tag, err = rows.Close()
		return errors.Join(err, wrong)
	})
	return tag, err
}

// do uses the connection, and tells what another try may mend.
func (l *link) do(ctx context.Context, use func(*pgconn.PgConn) error) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if l.conn == nil || l.conn.IsClosed() {
		conn, err := pgconn.ConnectConfig(ctx, l.site.config)
		if err != nil {
			return l.unreachable(err)
		}
		l.conn = conn
	}
	if encoding := l.conn.ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database %s is encoded in %s: states need one that is made with encoding UTF8", l.site.config.Database, encoding)
	}
	err := use(l.conn)
	var said *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said) && !passes(said):
		return l.refused(said)
	case said == nil && !l.conn.IsClosed():
		return err
	}
	l.close()
	return awayError{fmt.Errorf("the connection to %s broke: %w", l.site.host(), told(err))}
}

// passes reports whether a server that said so may say otherwise soon.
func passes(said *pgconn.PgError) bool {
	return strings.HasPrefix(said.Code, classConnection) || strings.HasPrefix(said.Code, classOperator) || said.Code == tooMany
}

func (l *link) unreachable(err error) error {
	var said *pgconn.PgError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &said) && !passes(said):
		return l.refused(said)
	case errors.As(err, &certificate):
		return fmt.Errorf("the certificate of %s is not to be trusted: %w. Set PGSSLROOTCERT to the file of the authority that issued it", l.site.host(), certificate.Err)
	case l.site.encrypted() && strings.Contains(err.Error(), "refused TLS connection"):
		return fmt.Errorf("%s speaks no TLS, without which states and passwords can be read on the way: turn ssl on there, or set PGSSLMODE=disable if the network is yours alone", l.site.host())
	}
	return awayError{fmt.Errorf("cannot reach %s: %w", l.site.host(), told(err))}
}

// told is an error in one line, as a server or the network told it. What a server
// adds as detail may have values of rows.
func told(err error) error {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		return errors.New(said.Message)
	}
	// One server may be tried in several ways, which all tell the same.
	var network *net.OpError
	var attempt *pgconn.ConnectError
	switch {
	case errors.As(err, &network):
		err = network.Err
	case errors.As(err, &attempt):
		err = attempt.Unwrap()
	}
	return errors.New(strings.Join(strings.Fields(err.Error()), " "))
}

// refused is the error for what a server said.
func (l *link) refused(said *pgconn.PgError) error {
	what := ""
	switch said.Code {
	case noPassword, noLogin:
		what = ". Set PG_CONN_STR, or PGUSER and PGPASSWORD, to what the server knows"
	case noDatabase:
		what = ". Make the database first, in the encoding UTF8"
	case noRight:
		what = fmt.Sprintf(". The user %s needs the right to create the schema %s, or if it exists, to use it and to select, insert, update and delete in its tables", l.site.config.User, l.site.schema)
	case noWrites:
		what = ". It is a copy that is not written to: name the server that it copies"
	}
	return &refusedError{fmt.Sprintf("%s refuses: %s (%s)%s", l.site.host(), said.Message, said.Code, what), said}
}

// refusedError is what a server said for good.
type refusedError struct {
	text string
	said *pgconn.PgError
}

// Error says what to do about it, too.
func (e *refusedError) Error() string { return e.text }

// Unwrap returns the server's own error.
func (e *refusedError) Unwrap() error { return e.said }
