package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// gitlab is the part of GitLab's REST API that the jobs use, for the project 9 and the
// token "secret-of-gitlab". Each change is written into a file, so that a script can look.
type gitlab struct {
	file string

	mu     sync.Mutex
	Notes  []map[string]any `json:"notes"`
	Issues []map[string]any `json:"issues"`
}

// gitlabCommand starts one in which somebody else has written a note in our form.
func gitlabCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: gitlab FILE")
	}
	g := &gitlab{file: ts.MkAbs(args[0]), Notes: []map[string]any{{
		"id": 1, "author": map[string]any{"username": "mallory"}, "body": "<!-- lockstep plan: . -->\n<!-- digest: 0123456789abcdef0123456789abcdef -->",
	}}}
	server := httptest.NewServer(g.handler())
	ts.Defer(server.Close)
	ts.Setenv("CI_API_V4_URL", server.URL+"/api/v4")
}

func (g *gitlab) handler() http.Handler {
	const project = "/api/v4/projects/9"
	mux := http.NewServeMux()
	answer := func(pattern string, make func(r *http.Request) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			g.mu.Lock()
			defer g.mu.Unlock()
			if r.Header.Get("PRIVATE-TOKEN") != "secret-of-gitlab" {
				http.Error(w, `{"message":"401 Unauthorized"}`, http.StatusUnauthorized)
				return
			}
			found := make(r)
			if found == nil {
				http.NotFound(w, r)
				return
			}
			_ = json.NewEncoder(w).Encode(found)
		})
	}
	answer("GET /api/v4/user", func(*http.Request) any { return map[string]any{"username": "project_9_bot"} })
	answer("GET "+project+"/repository/commits/{sha}/merge_requests", func(*http.Request) any {
		return []map[string]any{{"iid": 3, "state": "opened", "sha": "abc"}, {"iid": 4, "state": "merged", "sha": "def", "merge_commit_sha": "abc"}}
	})
	answer("GET "+project+"/merge_requests/4/notes", func(r *http.Request) any { return page(r, g.Notes) })
	answer("POST "+project+"/merge_requests/4/notes", func(r *http.Request) any { return g.put(&g.Notes, nil, r) })
	answer("PUT "+project+"/merge_requests/4/notes/{id}", func(r *http.Request) any { return g.put(&g.Notes, item(g.Notes, r), r) })
	answer("GET "+project+"/issues", func(r *http.Request) any { return page(r, opened(g.Issues)) })
	answer("POST "+project+"/issues", func(r *http.Request) any { return g.put(&g.Issues, nil, r) })
	answer("PUT "+project+"/issues/{id}", func(r *http.Request) any { return g.put(&g.Issues, item(g.Issues, r), r) })
	return mux
}

// page is a list by single items, so that whoever asks must turn pages.
func page(r *http.Request, list []map[string]any) any {
	n, _ := strconv.Atoi(r.FormValue("page"))
	if n < 1 || n > len(list) {
		return []any{}
	}
	return list[n-1 : n]
}

func opened(issues []map[string]any) []map[string]any {
	var open []map[string]any
	for _, i := range issues {
		if i["state_event"] != "close" {
			open = append(open, i)
		}
	}
	return open
}

func item(list []map[string]any, r *http.Request) map[string]any {
	for _, i := range list {
		if fmt.Sprint(i["id"]) == r.PathValue("id") {
			return i
		}
	}
	return nil
}

// put adds what the token's account writes, or changes an item.
func (g *gitlab) put(list *[]map[string]any, existing map[string]any, r *http.Request) any {
	if err := r.ParseForm(); err != nil || r.Method == http.MethodPut && existing == nil {
		return nil
	}
	if existing == nil {
		n := len(*list) + 1
		existing = map[string]any{"id": n, "iid": n, "author": map[string]any{"username": "project_9_bot"}}
		*list = append(*list, existing)
	}
	for name, values := range r.PostForm {
		existing[name] = values[0]
	}
	data, err := json.MarshalIndent(g, "", "  ")
	if err != nil || os.WriteFile(g.file, data, 0o600) != nil {
		return nil
	}
	return existing
}
