package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"strings"
	"time"
)

// Profile is what a person says of themselves. Texts that are not said are
// empty.
type Profile struct {
	Name, Gender, Location, AthleteType string
	// Birthday is a day, zero when not said.
	Birthday time.Time
}

// Account is what the root resource tells: who it is and where the rest lies.
type Account struct {
	// UserID is the number of the person.
	UserID string

	client *Client
	paths  map[string]string
}

// Account reads the root resource.
func (c *Client) Account(ctx context.Context) (*Account, error) {
	var root map[string]json.RawMessage
	if err := c.get(ctx, "/user", "User", &root); err != nil {
		return nil, err
	}
	a := &Account{client: c, paths: map[string]string{}}
	for name, raw := range root {
		var link string
		if err := json.Unmarshal(raw, &link); err == nil {
			a.paths[name] = link
		}
	}
	var id amount
	if err := json.Unmarshal(root["userID"], &id); err != nil || !id.Known {
		return nil, fmt.Errorf("GET /user: the answer has no userID")
	}
	a.UserID = id.text()
	return a, nil
}

// Link is the address of a resource; the usual one when the root does not
// name it.
func (a *Account) Link(name, usual string) string {
	if link := a.paths[name]; link != "" {
		return link
	}
	return usual
}

// Profile reads what the person says.
func (a *Account) Profile(ctx context.Context) (Profile, error) {
	var wire struct {
		Name        string `json:"name"`
		Gender      string `json:"gender"`
		Location    string `json:"location"`
		AthleteType string `json:"athlete_type"`
		Birthday    clock  `json:"birthday"`
		// All others may be missing (Health Graph API, profile).
		Page  string          `json:"profile"`
		Elite json.RawMessage `json:"elite"`
	}
	if err := a.client.get(ctx, a.Link("profile", "/profile"), "Profile", &wire); err != nil {
		return Profile{}, err
	}
	if wire.Page == "" && wire.Elite == nil {
		// What is left out would be taken for what the person does not say.
		return Profile{}, errors.New("GET /profile: the answer has neither profile nor elite, and so is not a Profile")
	}
	return Profile{Name: wire.Name, Gender: wire.Gender, Location: wire.Location, AthleteType: wire.AthleteType, Birthday: wire.Birthday.Time}, nil
}

// pageSize is what was seen to be accepted, and more.
const pageSize = "1000"

// pages calls use with each item of a dated feed, the newest first, of pages
// that are large. A day other than zero leaves out what was on none of the
// days beside it: whether the API's bounds are within is not known.
func (a *Account) pages(ctx context.Context, link, media string, day time.Time, use func(json.RawMessage) error) error {
	u, err := own(link)
	if err != nil {
		return err
	}
	query := u.Query()
	query.Set("pageSize", pageSize)
	if !day.IsZero() {
		query.Set("noEarlierThan", day.AddDate(0, 0, -1).Format(dayForm))
		query.Set("noLaterThan", day.AddDate(0, 0, 1).Format(dayForm))
	}
	u.RawQuery = query.Encode()
	return a.each(ctx, u.String(), media, use)
}

// each calls use with each item of a feed, page by page. What a feed lacks would look
// deleted, so one that ends before its own size is an error.
func (a *Account) each(ctx context.Context, link, media string, use func(json.RawMessage) error) error {
	seen, items := map[string]bool{}, map[string]bool{}
	first, query, _ := strings.Cut(link, "?")
	// Whether the size is that of the days asked for is not known.
	sized := !strings.Contains(query, "noEarlierThan")
	size := math.MaxInt
	for link != "" {
		if seen[link] {
			return fmt.Errorf("GET %s: the feed does not end: the page %q comes again", first, link)
		}
		seen[link] = true
		var page feed
		if err := a.client.get(ctx, link, media, &page); err != nil {
			return err
		}
		if page.Items == nil {
			// Empty feeds have an empty array (Health Graph API, feeds): what is
			// taken for one would let everything be made again.
			return fmt.Errorf("GET %s: the answer has no items, and so is not a %s", first, media)
		}
		if page.Size.Known {
			size = min(size, int(page.Size.Value))
		}
		for _, item := range page.Items {
			items[string(item)] = true
			if err := use(item); err != nil {
				return fmt.Errorf("GET %s: %w", first, err)
			}
		}
		link = page.Next
	}
	if sized && size != math.MaxInt && len(items) < size {
		return fmt.Errorf("GET %s: the feed ends after %d of %d items. Run the command again", first, len(items), size)
	}
	return nil
}

// hasID reports whether the address of an item ends in an id.
func hasID(uri string) bool {
	id := path.Base(uri)
	return id != "." && id != ".." && id != "/"
}
