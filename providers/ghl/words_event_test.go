package ghl

import (
	stdcmp "cmp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lockstep/providers"
	"lockstep/schema"
)

// stalls is a kind with the words of events: it belongs to a market or to its keeper,
// is listed over a time, and is retired.
func stalls() *kind {
	closes := shopText("closes", "closes")
	closes.form, closes.follows = ending, "opens"
	opens := shopText("opens", "opens")
	opens.form = moment
	label := shopText("name", "name")
	label.read = "name|label"
	return declared(&kind{
		Kind: schema.Kind{Name: kindShop, Noun: "stall", Plural: "stalls", Parent: "market_id", Within: "keeper_id", Content: []string{"name"},
			Retire: texts2fields("name", "closed"), Listing: schema.Listing{PerParent: true}},
		attributes: []attribute{shopText("market_id", "marketId"), shopText("keeper_id", "keeperId"), label, opens, closes},
		list: listing{call: call{method: "GET", path: "/stalls", envelope: "stalls"}, parents: 1, parent: "market|keeper",
			page: paging{window: &window{from: "from", to: "to"}}},
		get:    call{method: "GET", path: "/stalls/{id}", envelope: "stall"},
		create: call{method: "POST", path: "/stalls", terse: true},
		update: call{method: "PUT", path: "/stalls/{id}"},
		remove: call{method: "DELETE", path: "/stalls/{id}", bodied: true},
		odd:    oddities{series: seriesOf},
	})
}

const (
	inMarket = "GET /stalls?from=0&market=M1&to=4102444800000"
	ofKeeper = "GET /stalls?from=0&keeper=K1&to=4102444800000"
)

func TestWordsOfEventLists(t *testing.T) {
	cases := map[string]struct {
		reason, parent string
		answers        map[string]string
		want           string
	}{
		"Parent": {"children of a parent are asked for over all of time", "M1", map[string]string{inMarket: `{"stalls":[{"id":"1","name":"Ann"}]}`}, `1 [{"market_id":"M1"} {"name":"Ann"}]`},
		"Within": {"what takes its place has a parameter of its own", "keeper_id=K1", map[string]string{ofKeeper: `{"stalls":[{"id":"1","name":"Ann"}]}`}, `1 [{"keeper_id":"K1"} {"name":"Ann"}]`},
		"Second": {"the second property counts where the first is missing", "M1",
			map[string]string{inMarket: `{"stalls":[{"id":"1","label":"Ann"},{"id":"2","label":"x","name":"Bea"},{"id":"3","name":"Cyd","label":"x"}]}`},
			`1 [{"market_id":"M1"} {"name":"Ann"}] 2 [{"market_id":"M1"} {"name":"Bea"}] 3 [{"market_id":"M1"} {"name":"Cyd"}]`},
		"Series": {"instances of a series are not listed", "M1", map[string]string{inMarket: `{"stalls":[{"id":"S1_1600000000000_1800"},{"id":"a_b"}]}`}, `a_b [{"market_id":"M1"}]`},
		"Times": {"a time with an offset is an instant; one without is as the clock tells it", "M1",
			map[string]string{inMarket: `{"stalls":[{"id":"1","opens":"2027-01-05T10:00:00-05:00"},{"id":"2","opens":"2027-01-05 10:00:00"}]}`},
			`1 [{"market_id":"M1"} {"opens":"2027-01-05T15:00:00.000Z"}] 2 [{"market_id":"M1"} {"opens":"2027-01-05T10:00:00"}]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p, _ := openShop(t, stalls(), tc.answers)
			got := ""
			for page, err := range p.List(t.Context(), providers.Query{Kind: kindShop, Parents: []string{tc.parent}}) {
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range page.Objects {
					got += " " + o.ID + " " + render(o.Fields)
				}
			}
			if diff := cmp.Diff(" "+tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWordsOfEventWrites(t *testing.T) {
	live := &schema.Object{ID: "1", Fields: texts2fields("closes", "2027-01-05T11:00:00.000Z", "market_id", "M1", "opens", "2027-01-05T10:00:00.000Z")}
	self := map[string]string{"GET /locations/LOC": `{"location":{"id":"LOC","timezone":"Europe/Vienna"}}`}
	cases := map[string]struct {
		reason string
		write  providers.Write
		want   []string
	}{
		"Within": {"a create says what the object belongs to", providers.Write{Action: providers.Create, Parent: "keeper_id=K1", Fields: texts2fields("keeper_id", "K1", "name", "Ann")},
			[]string{`POST /stalls {"keeperId":"K1","name":"Ann"}`}},
		"Partial": {"where others refer to it, a partial answer is completed", providers.Write{Action: providers.Create, Parent: "M1", Whole: true, Fields: texts2fields("name", "Ann")},
			[]string{`POST /stalls {"marketId":"M1","name":"Ann"}`, "GET /stalls/1"}},
		"Follows": {"the end moves with the start, in the spelling of the location: summer time", providers.Write{Action: providers.Update, ID: "1", Live: live, Fields: texts2fields("opens", "2027-07-05T10:00:00Z")},
			[]string{`GET /locations/LOC`, `PUT /stalls/1 {"closes":"2027-07-05T13:00:00+02:00","opens":"2027-07-05T12:00:00+02:00"}`}},
		"Both": {"an end that is written stays as written", providers.Write{Action: providers.Update, ID: "1", Live: live, Fields: texts2fields("closes", "2027-01-05T12:00:00Z", "opens", "2027-01-05T10:30:00Z")},
			[]string{`GET /locations/LOC`, `PUT /stalls/1 {"closes":"2027-01-05T13:00:00+01:00","opens":"2027-01-05T11:30:00+01:00"}`}},
		"Delete":  {"a delete may take a body", providers.Write{Action: providers.Delete, ID: "1"}, []string{`DELETE /stalls/1 {}`}},
		"Retired": {"what is retired is written", providers.Write{Action: providers.Delete, ID: "1", Fields: texts2fields("name", "closed")}, []string{`PUT /stalls/1 {"name":"closed"}`}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			answers := map[string]string{"GET /stalls/1": `{"stall":{"id":"1","name":"Ann"}}`}
			for _, asked := range tc.want {
				if answers[asked] == "" {
					answers[asked] = stdcmp.Or(self[asked], `{"id":"1"}`)
				}
			}
			p, c := openShop(t, stalls(), answers)
			tc.write.Kind, tc.write.Address = kindShop, kindShop+".x"
			for _, o := range p.Group([]providers.Write{tc.write}) {
				for _, r := range p.Do(t.Context(), o) {
					if r.Outcome != providers.Done {
						t.Errorf("%s: outcome %d, %v", tc.reason, r.Outcome, r.Err)
					}
				}
			}
			if diff := cmp.Diff(tc.want, c.asked); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWindow(t *testing.T) {
	month := &window{from: "a", to: "b", most: maxFreeSlots}
	cases := map[string]struct {
		reason, from, to string
		ahead            time.Time
		want             []string
	}{
		"Short": {"one request asks for it", "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z", time.Time{}, []string{"2027-01-01 2027-01-02"}},
		"Long":  {"what is too long is divided", "2027-01-01T00:00:00Z", "2027-03-05T00:00:00Z", time.Time{}, []string{"2027-01-01 2027-02-01", "2027-02-01 2027-03-04", "2027-03-04 2027-03-05"}},
		"Ahead": {"nothing before an instant is asked for", "2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z", time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC), []string{"2027-01-02 2027-01-03"}},
		"Back":  {"nothing lies between", "2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z", time.Time{}, nil},
		"Naive": {"a time without an offset names no instant", "2027-01-02T00:00:00", "2027-01-03T00:00:00Z", time.Time{}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spans, err := month.spans(texts2fields("from", tc.from, "to", tc.to), tc.ahead)
			if (err != nil) != (tc.want == nil) {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			var got []string
			for _, s := range spans {
				got = append(got, s.from.Format(time.DateOnly)+" "+s.to.Format(time.DateOnly))
			}
			if !slices.Equal(tc.want, got) {
				t.Errorf("%s: got %v, want %v", tc.reason, got, tc.want)
			}
		})
	}
}
