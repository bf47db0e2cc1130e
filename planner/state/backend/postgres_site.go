package backend

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"lockstep/schema"
)

const (
	// connectString is the variable that Terraform's backend "pg" reads, too.
	connectString = "PG_CONN_STR"
	// defaultSchema has the tables of all states when the block names none.
	defaultSchema = "lockstep"
	// connectTime is how long one try to connect may take.
	connectTime = 10 * time.Second
)

// postgresSite is where a state is.
type postgresSite struct {
	config                  *pgconn.Config
	schema, name, workspace string
}

func (s postgresSite) host() string {
	return net.JoinHostPort(s.config.Host, strconv.Itoa(int(s.config.Port)))
}

func (s postgresSite) label() string {
	name := s.name
	if s.schema != defaultSchema {
		name = s.schema + "." + name
	}
	if s.workspace != schema.DefaultWorkspace {
		name += ", workspace " + s.workspace
	}
	return fmt.Sprintf("postgres://%s/%s (%s)", s.host(), cmp.Or(s.config.Database, s.config.User), name)
}

// newPostgresSite reads the block and the environment: PG_CONN_STR, or what libpq
// reads (PGHOST, PGUSER, PGPASSWORD and so on).
func newPostgresSite(o Options) (postgresSite, error) {
	s := postgresSite{name: o.Arguments["name"], schema: cmp.Or(o.Arguments["schema_name"], defaultSchema), workspace: cmp.Or(o.Workspace, schema.DefaultWorkspace)}
	if s.name == "" {
		return s, errors.New("the backend \"postgres\" has no name: write name = \"…\" into the block, which tells this state from others in the database")
	}
	if !regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`).MatchString(s.schema) {
		return s, fmt.Errorf("schema_name = %q is not a name of small letters, digits and _", s.schema)
	}
	for _, name := range []string{"host", "port", "database", "user"} {
		if strings.ContainsAny(o.Arguments[name], `,'\ `+"\x00") {
			return s, fmt.Errorf("the %s of the backend \"postgres\" is not one name: %q", name, o.Arguments[name])
		}
	}
	written := o.Getenv(connectString)
	config, err := parsePostgres(cmp.Or(written, blockString(o.Arguments)), o)
	if err != nil {
		return s, err
	}
	s.config = config
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTime)
	config.RuntimeParams["application_name"] = cmp.Or(config.RuntimeParams["application_name"], o.UserAgent)
	config.RuntimeParams["client_encoding"] = "UTF8"
	if written != "" {
		return s, s.checkBlock(o)
	}
	return s, s.checkSecret(o)
}

// blockString is a connection string of what the block says; the environment fills in
// what it does not say.
func blockString(arguments map[string]string) string {
	var words []string
	for _, word := range [][2]string{{"host", "host"}, {"port", "port"}, {"dbname", "database"}, {"user", "user"}} {
		if value := arguments[word[1]]; value != "" {
			words = append(words, fmt.Sprintf("%s='%s'", word[0], value))
		}
	}
	return strings.Join(words, " ")
}

// parsePostgres reads a connection string. Beyond this machine, the server must have a
// certificate for its name unless sslmode or PGSSLMODE says otherwise. No error has the
// string of the environment, which may be secret.
func parsePostgres(text string, o Options) (*pgconn.Config, error) {
	config, err := pgconn.ParseConfig(text)
	if err == nil && !allLocal(config) && o.Getenv("PGSSLMODE") == "" {
		config, err = pgconn.ParseConfig(strictly(text))
	}
	if err == nil {
		return config, nil
	}
	var file *fs.PathError
	switch {
	case errors.As(err, &file):
		return nil, fmt.Errorf("cannot read what the settings of the backend \"postgres\" name: %w", file)
	case o.Getenv(connectString) != "":
		return nil, errors.New(connectString + " is not a connection string such as postgres://user@host/database, or has a setting that is not valid")
	}
	return nil, err
}

// strictly puts a strict sslmode before what a connection string says, which wins.
func strictly(text string) string {
	mode := "sslmode=verify-full"
	if !strings.HasPrefix(text, "postgres://") && !strings.HasPrefix(text, "postgresql://") {
		return mode + " " + text
	}
	base, query, ok := strings.Cut(text, "?")
	if ok && query != "" {
		return base + "?" + mode + "&" + query
	}
	return base + "?" + mode
}

// allLocal reports whether all servers that a configuration names are on this machine.
func allLocal(config *pgconn.Config) bool {
	local := localHost(config.Host)
	for _, other := range config.Fallbacks {
		local = local && localHost(other.Host)
	}
	return local
}

// encrypted reports whether no connection is made without TLS.
func (s postgresSite) encrypted() bool {
	clear := slices.ContainsFunc(s.config.Fallbacks, func(other *pgconn.FallbackConfig) bool { return other.TLSConfig == nil })
	return s.config.TLSConfig != nil && !clear
}

// localHost reports whether a host is this machine, or a socket of it.
func localHost(host string) bool {
	network, _ := pgconn.NetworkAddress(host, 0)
	return network == "unix" || loopback(&url.URL{Host: net.JoinHostPort(host, "0")})
}

// checkBlock refuses a block that leads elsewhere than the connection string.
func (s postgresSite) checkBlock(o Options) error {
	is := map[string]string{"host": s.config.Host, "port": strconv.Itoa(int(s.config.Port)), "database": s.config.Database, "user": s.config.User}
	for _, name := range []string{"host", "port", "database", "user"} {
		if written := o.Arguments[name]; written != "" && written != is[name] {
			return fmt.Errorf("the %s in the backend block (%s) is not the one in %s: correct one of them, or write none into the block", name, written, connectString)
		}
	}
	return nil
}

// checkSecret refuses to send a password to a server that only the files say.
func (s postgresSite) checkSecret(o Options) error {
	host := o.Arguments["host"]
	if host == "" || s.config.Password == "" || localHost(host) || o.Getenv("PGHOST") == host {
		return nil
	}
	return fmt.Errorf("the password of the environment is not sent to %s, which only the files name: set PGHOST to the server that it is for", host)
}
