package ghl

import "testing"

// TestWordsOfFlags lists two rows a page, where the answer tells how it goes on.
func TestWordsOfFlags(t *testing.T) {
	get := call{method: "GET", path: "/shops/", envelope: "shops"}
	deeper := call{method: "GET", path: "/shops/", envelope: "shops.list"}
	const third = `{"id":"3","name":"Cyd","at":[3]}`
	cases := map[string]listCase{
		"more, after a short page": {"the flag counts, not how long the page is", listing{call: get, page: paging{limit: "limit", skip: "offset", more: "hasMore"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + `],"hasMore":true}`, "GET /shops/?limit=2&offset=1": `{"shops":[` + bea + `],"hasMore":false}`}, "1 Ann, 2 Bea"},
		"more, after no rows": {"an empty page is the last", listing{call: get, page: paging{limit: "limit", skip: "offset", more: "hasMore"}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[],"hasMore":true}`}, ""},
		"envelope in another": {"what tells of pages stands beside the rows, and the outer envelope may be missing",
			listing{call: deeper, page: paging{limit: "limit", after: []cursor{nextCursor("last", "after")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":{"list":[` + ann + "," + bea + `],"last":"2"}}`, "GET /shops/?after=2&limit=2": `{"list":[` + cyd + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"fixed": {"every request has it", listing{call: get, fixed: map[string]string{"sort": "asc"}}, map[string]string{"GET /shops/?sort=asc": `{"shops":[` + ann + `]}`}, "1 Ann"},
		"overlapping keyset": {"a page begins one before the last row, and what came before is told once",
			listing{call: get, page: paging{limit: "limit", after: []cursor{overlapping("at.0", "after")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?after=1&limit=2": `{"shops":[` + bea + "," + third + `]}`,
				"GET /shops/?after=2&limit=2": `{"shops":[` + third + `]}`}, "1 Ann, 2 Bea, 3 Cyd"},
		"overlapping keyset with a total": {"rows that came before do not count",
			listing{call: get, page: paging{limit: "limit", after: []cursor{overlapping("at.0", "after")}}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `],"total":3}`, "GET /shops/?after=1&limit=2": `{"shops":[` + bea + "," + third + `],"total":3}`}, "1 Ann, 2 Bea, 3 Cyd"},
	}
	for name, tc := range cases {
		t.Run(name, tc.run)
	}
}
