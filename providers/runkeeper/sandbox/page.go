package sandbox

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// dated is an item of a feed.
type dated struct {
	at   time.Time
	item any
}

// page of a feed.
type page struct {
	Size     int    `json:"size"`
	Items    []any  `json:"items"`
	Previous string `json:"previous,omitempty"`
	Next     string `json:"next,omitempty"`
}

// paged cuts one page of a feed, and writes the filters into its links with
// their defaults, as the API does. next leads to what is older.
func paged(path string, query url.Values, items []dated) (page, error) {
	number, size := 0, 25
	for name, to := range map[string]*int{"page": &number, "pageSize": &size} {
		if text := query.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return page{}, fmt.Errorf("%s is not a number", name)
			}
			*to = n
		}
	}
	number, size = min(number, 1_000_000), min(max(size, 1), 10_000)
	since, until := query.Get("noEarlierThan"), query.Get("noLaterThan")
	items = slices.DeleteFunc(items, func(d dated) bool {
		day := d.at.Format("2006-01-02")
		return since != "" && day < since || until != "" && day > until
	})
	link := func(n int) string {
		return fmt.Sprintf("%s?page=%d&pageSize=%d&noEarlierThan=%s&noLaterThan=%s&modifiedNoEarlierThan=1970-01-01", path, n, size, since, until)
	}
	out := page{Size: len(items), Items: []any{}}
	from := min(number*size, len(items))
	to := min(from+size, len(items))
	for _, d := range items[from:to] {
		out.Items = append(out.Items, d.item)
	}
	if to < len(items) {
		out.Next = link(number + 1)
	}
	if number > 0 {
		out.Previous = link(number - 1)
	}
	return out, nil
}
