package bench

import (
	"context"
	"net/http/httptest"

	"filippo.io/age"

	"lockstep/planner/state/backend/backendtest"
)

// keeper is what keeps the state of a group, or how it is kept.
type keeper int

const (
	inFile keeper = iota
	overHTTP
	inPostgres
	inBucket
	encrypted // in a file
)

// settings is the lockstep block that names a keeper.
func (k keeper) settings() string {
	switch k {
	case overHTTP:
		return "lockstep {\n  backend \"http\" {}\n}\n\n"
	case inPostgres:
		return "lockstep {\n  backend \"postgres\" { name = \"bench\" }\n}\n\n"
	case inBucket:
		return "lockstep {\n  backend \"s3\" {\n    bucket = \"bench\"\n    key    = \"state\"\n  }\n}\n\n"
	case encrypted:
		return "variable \"recipient\" {}\n\nlockstep {\n  encryption { recipients = [var.recipient] }\n}\n\n"
	default:
		return ""
	}
}

// installed reports whether a keeper can be measured here.
func (k keeper) installed() bool { return k != inPostgres || backendtest.PostgresPrograms() != "" }

// keepers are the servers that run.
type keepers struct {
	begun  map[keeper]bool
	closes []func()
}

// begin starts a keeper once, and returns what processes must know to find it.
func (s *keepers) begin(ctx context.Context, k keeper) (env []string, err error) {
	if s.begun[k] {
		return nil, nil
	}
	if s.begun == nil {
		s.begun = map[keeper]bool{}
	}
	s.begun[k] = true
	switch k {
	case overHTTP:
		server := httptest.NewServer(&backendtest.Terraform{})
		s.closes = append(s.closes, server.Close)
		return []string{"LOCKSTEP_HTTP_ADDRESS=" + server.URL + "/state"}, nil
	case inPostgres:
		server, err := backendtest.StartPostgres(ctx, backendtest.PostgresPrograms())
		if err != nil {
			return nil, err
		}
		s.closes = append(s.closes, server.Stop)
		return []string{"PG_CONN_STR=" + server.Address()}, nil
	case inBucket:
		kept, err := backendtest.S3("bench")
		if err != nil {
			return nil, err
		}
		server := httptest.NewServer(kept)
		s.closes = append(s.closes, server.Close)
		return []string{"LOCKSTEP_S3_ENDPOINT=" + server.URL, "AWS_ACCESS_KEY_ID=id", "AWS_SECRET_ACCESS_KEY=hush"}, nil
	case encrypted:
		key, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, err
		}
		return []string{"LOCKSTEP_AGE_IDENTITY=" + key.String(), "LOCKSTEP_VAR_recipient=" + key.Recipient().String()}, nil
	default:
		return nil, nil
	}
}

func (s *keepers) close() {
	for _, end := range s.closes {
		end()
	}
}
