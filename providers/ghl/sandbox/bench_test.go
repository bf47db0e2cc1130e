package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkReadAll reads 100,000 contacts as a client does: 500 at a time, each
// page behind the last row of the one before.
func BenchmarkReadAll(b *testing.B) {
	const people = 100_000
	server, err := Open(Options{Invented: Invented{Contacts: people}})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	b.ReportAllocs()
	for b.Loop() {
		if got := readAll(b, server); got != people {
			b.Fatalf("read %d contacts, want %d", got, people)
		}
	}
}

// BenchmarkLookUp searches 100,000 contacts for a hundred e-mails at once.
func BenchmarkLookUp(b *testing.B) {
	server, err := Open(Options{Invented: Invented{Contacts: 100_000}})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	people := server.location.people
	search := &contactSearch{people: people, fields: people.l.fields}
	leaves := make([]any, 100)
	for i := range leaves {
		leaves[i] = object{"field": "email", "operator": "eq", "value": fmt.Sprintf("ada.archer.%d@example.com", 1+20*23*i)}
	}
	b.ReportAllocs()
	for b.Loop() {
		people.seen.touch() // as after a write, so that no kept order answers
		found, refusal := search.ordered(object{"filters": []any{object{"group": "OR", "filters": leaves}}})
		if refusal != nil || len(found.rows) != len(leaves) {
			b.Fatalf("found %d contacts, want %d", len(found.rows), len(leaves))
		}
	}
}

// BenchmarkOpen replays a log of 100,000 contacts.
func BenchmarkOpen(b *testing.B) {
	opts := Options{Invented: Invented{Contacts: 100_000}, DataDir: b.TempDir()}
	b.ReportAllocs()
	for b.Loop() {
		server, err := Open(opts)
		if err != nil {
			b.Fatal(err)
		}
		if err := server.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func readAll(tb testing.TB, server *Server) int {
	tb.Helper()
	read, cursor := 0, ""
	for {
		body := fmt.Sprintf(`{"locationId":%q,"pageLimit":500%s}`, server.Location(), cursor)
		req := httptest.NewRequest(http.MethodPost, "/contacts/search", bytes.NewBufferString(body))
		req.Header.Set("Authorization", "Bearer "+server.Token())
		req.Header.Set("Version", "2021-07-28")
		rec := httptest.NewRecorder()
		server.ServeHTTP(rec, req)
		var page struct {
			Contacts []struct{ SearchAfter json.RawMessage }
		}
		// Only the cursor of the last row is needed: decoding every row would
		// measure the reader.
		raw := rec.Body.Bytes()
		rows := bytes.Count(raw, []byte(`"searchAfter":`))
		if rows == 0 {
			return read
		}
		read += rows
		tail := raw[bytes.LastIndex(raw, []byte(`"searchAfter":`)):]
		tail = append([]byte(`{"contacts":[{`), tail...)
		if err := json.Unmarshal(tail, &page); err != nil {
			tb.Fatal(err)
		}
		cursor = `,"searchAfter":` + string(page.Contacts[0].SearchAfter)
	}
}
