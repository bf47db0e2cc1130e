package ghl

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestListChanging reads lists whose objects come and go meanwhile.
func TestListChanging(t *testing.T) {
	cases := map[string]struct {
		reason, first, second, third, want string
	}{
		"new":     {"what is new may stand before the place that was reached", `{"total":3,"shops":[` + ann + "," + bea + `]}`, `{"total":4,"shops":[` + cyd + `]}`, "", "1 Ann, 2 Bea, 3 Cyd"},
		"gone":    {"what goes is in no later total", `{"total":4,"shops":[` + ann + "," + bea + `]}`, `{"total":3,"shops":[` + cyd + `]}`, "", "1 Ann, 2 Bea, 3 Cyd"},
		"moved":   {"an object may come twice", `{"total":3,"shops":[` + ann + "," + bea + `]}`, `{"total":3,"shops":[` + bea + "," + cyd + `]}`, "", "1 Ann, 2 Bea, 3 Cyd"},
		"emptied": {"a total that falls does not end a list", `{"total":3,"shops":[` + ann + "," + bea + `]}`, `{"total":2,"shops":[` + cyd + `,{"id":"4","name":"Dee"}]}`, `{"total":2,"shops":[]}`, "1 Ann, 2 Bea, 3 Cyd, 4 Dee"},
		"silent":  {"not every list has a total", `{"shops":[` + ann + "," + bea + `]}`, `{"shops":[` + cyd + `]}`, "", "1 Ann, 2 Bea, 3 Cyd"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			k := shopOf(kind{list: listing{call: call{method: "GET", path: "/shops/", envelope: "shops"}, page: paging{limit: "limit", skip: "skip"}}})
			p, _ := openShop(t, k, map[string]string{"GET /shops/?limit=2": tc.first, "GET /shops/?limit=2&skip=2": tc.second, "GET /shops/?limit=2&skip=4": tc.third})
			objects, err := listAll(t, p)
			if err != nil || shopNames(objects) != tc.want {
				t.Errorf("%s: %s, %v", tc.reason, shopNames(objects), err)
			}
		})
	}
}

// TestListGuess wants the right page after a guess that was wrong.
func TestListGuess(t *testing.T) {
	k := shopOf(kind{list: listing{call: call{method: "GET", path: "/shops/", envelope: "shops"}, page: paging{limit: "limit", after: []cursor{keyset("day", "after")}}}})
	p, _ := openShop(t, k, map[string]string{
		"GET /shops/?limit=2":         `{"total":5,"shops":[{"id":"0","day":"w"},` + ann + `]}`,
		"GET /shops/?after=x&limit=2": `{"total":5,"shops":[{"id":"9","day":"w"},` + nested + `]}`,
		"GET /shops/?after=y&limit=2": `{"total":5,"shops":[` + cyd + `]}`,
		"GET /shops/?after=z&limit=2": `{"total":5,"shops":[]}`,
	})
	objects, err := listAll(t, p)
	if err != nil || shopNames(objects) != "0, 1 Ann, 9, 2 Bea, 3 Cyd" {
		t.Errorf("listed %s, %v", shopNames(objects), err)
	}
}

func TestListRefuses(t *testing.T) {
	list := call{method: "GET", path: "/shops/", envelope: "shops"}
	cases := map[string]struct {
		reason  string
		page    paging
		answers map[string]string
		want    string
	}{
		"ignored": {"an API that ignores the place of a page would be asked for ever", paging{limit: "limit", skip: "skip"},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"shops":[` + ann + "," + bea + `]}`},
			"the list of shops does not get on: two pages end at the same object"},
		"lost": {"half a list must not pass for all of it", paging{limit: "limit", after: []cursor{keyset("none", "after")}},
			map[string]string{"GET /shops/?limit=2": `{"shops":[` + ann + "," + bea + `]}`},
			"GET /shops/: the last row of a full page has no none, so the rest of the list cannot be asked for"},
		"short": {"what a list lacks would look deleted", paging{limit: "limit", skip: "skip"},
			map[string]string{"GET /shops/?limit=2": `{"total":5,"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"total":5,"shops":[` + cyd + `]}`},
			"the list of shops ends after 3 of 5. Run the command again"},
		"empty": {"so would all of it", paging{limit: "limit", skip: "skip"}, map[string]string{"GET /shops/?limit=2": `{"total":5,"shops":[]}`},
			"the list of shops ends after 0 of 5. Run the command again"},
		"repeated": {"an object that comes twice may stand for another one", paging{limit: "limit", skip: "skip"},
			map[string]string{"GET /shops/?limit=2": `{"total":4,"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"total":4,"shops":[` + bea + "," + ann + `]}`},
			"the list of shops has 4 rows of 2 objects, though there are 4: it repeats some and lacks others. Run the command again"},
		"fallen": {"a total that falls does not end a list", paging{limit: "limit", skip: "skip"},
			map[string]string{"GET /shops/?limit=2": `{"total":900,"shops":[` + ann + "," + bea + `]}`, "GET /shops/?limit=2&skip=2": `{"total":3,"shops":[` + cyd + `]}`},
			"the list of shops shrank from 900 to 3 while it was read. Run the command again when nobody deletes"},
		"unnamed": {"what has no id cannot be told from others", paging{}, map[string]string{"GET /shops/": `{"shops":[` + ann + `,{"name":"Bea"}]}`},
			`GET /shops/: the list under "shops" cannot be read: object 2 has no id that is a text`},
		"number": {"a number is no id", paging{}, map[string]string{"GET /shops/": `{"shops":[{"id":12,"name":"Bea"}]}`},
			`GET /shops/: the list under "shops" cannot be read: object 1 has no id that is a text`},
		"null": {"nor is null", paging{}, map[string]string{"GET /shops/": `{"shops":[{"id":null,"name":"Bea"}]}`},
			`GET /shops/: the list under "shops" cannot be read: object 1 has no id that is a text`},
		"blank": {"nor an empty text", paging{}, map[string]string{"GET /shops/": `{"shops":[{"id":"","name":"Bea"}]}`},
			`GET /shops/: the list under "shops" cannot be read: object 1 has no id that is a text`},
		"object id": {"nor an object", paging{}, map[string]string{"GET /shops/": `{"shops":[{"id":{"$oid":"1"},"name":"Bea"}]}`},
			`GET /shops/: the list under "shops" cannot be read: object 1 has no id that is a text`},
		"object": {"an object is no list", paging{}, map[string]string{"GET /shops/": `{"shops":{}}`}, `GET /shops/: the answer has no list under "shops"`},
		"array":  {"a list must stand where it is said to", paging{}, map[string]string{"GET /shops/": `[]`}, `GET /shops/: the list under "shops" cannot be read: it is not a JSON object`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openShop(t, shopOf(kind{list: listing{call: list, page: tc.page}}), tc.answers)
			_, err := listAll(t, p)
			if diff := cmp.Diff(tc.want, fmt.Sprint(err)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
