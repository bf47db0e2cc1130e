package backend

import (
	"os"
	"testing"
)

// Beyond this machine a server must prove who it is, unless the user says otherwise.
func TestParsePostgresTLS(t *testing.T) {
	cases := map[string]struct {
		reason            string
		text, mode        string
		encrypted, proved bool
	}{
		"Address":  {"an address says nothing of TLS", "postgres://ann@db.example/crm", "", true, true},
		"Words":    {"nor do words", "host=db.example user=ann", "", true, true},
		"Query":    {"what an address says besides stays", "postgres://ann@db.example/crm?connect_timeout=5", "", true, true},
		"Said":     {"an address may say otherwise", "postgres://ann@db.example/crm?sslmode=require", "", true, false},
		"SaidWord": {"and so may words", "host=db.example sslmode=disable", "", false, false},
		"Variable": {"and libpq's variable", "postgres://ann@db.example/crm", "disable", false, false},
		"Two":      {"all servers of a list must", "postgres://ann@127.0.0.1,db.example/crm", "", true, true},
		"Here":     {"nobody listens within this machine", "postgres://ann@127.0.0.1/crm", "", false, false},
		"Socket":   {"nor at a socket", "host=/var/run/postgresql", "", false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PGSSLMODE", tc.mode)
			config, err := parsePostgres(tc.text, Options{Getenv: os.Getenv})
			if err != nil {
				t.Fatal(err)
			}
			proved := config.TLSConfig != nil && !config.TLSConfig.InsecureSkipVerify && config.TLSConfig.ServerName == config.Host
			if s := (postgresSite{config: config}); s.encrypted() != tc.encrypted || proved != tc.proved {
				t.Errorf("%s: encrypted %v, proved %v; want %v, %v", tc.reason, s.encrypted(), proved, tc.encrypted, tc.proved)
			}
		})
	}
}
