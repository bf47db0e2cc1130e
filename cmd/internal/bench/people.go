package bench

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	pageSize = 500 // contacts in one answer, the most that the API gives
	pageTime = time.Minute
)

// person is a row of a search, see "HighLevel contacts API, search".
type person struct {
	Email       string          `json:"email"`
	FirstName   string          `json:"firstName"`
	LastName    string          `json:"lastName"`
	Phone       string          `json:"phone"`
	Address     string          `json:"address"`
	City        string          `json:"city"`
	State       string          `json:"state"`
	PostalCode  string          `json:"postalCode"`
	SearchAfter json.RawMessage `json:"searchAfter"`
}

func (p person) row() []string {
	return []string{p.Email, p.FirstName, p.LastName, p.Phone, p.Address, p.City, p.State, p.PostalCode}
}

// savePeople writes everybody in the sandbox into a CSV file, page by page.
func (c *crm) savePeople(ctx context.Context, file string) error {
	to, err := os.Create(file)
	if err != nil {
		return err
	}
	w := csv.NewWriter(to)
	err = w.Write(header)
	var after json.RawMessage
	for err == nil {
		var page []person
		if page, err = c.page(ctx, after); len(page) == 0 {
			break
		}
		for _, someone := range page {
			err = errors.Join(err, w.Write(someone.row()))
		}
		after = page[len(page)-1].SearchAfter
	}
	w.Flush()
	return errors.Join(err, w.Error(), to.Close())
}

// page reads the people after one; none at the end.
func (c *crm) page(ctx context.Context, after json.RawMessage) ([]person, error) {
	query := map[string]any{"locationId": c.location, "pageLimit": pageSize}
	if after != nil {
		query["searchAfter"] = after
	}
	body, err := json.Marshal(query)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Contacts []person `json:"contacts"`
	}
	err = c.ask(ctx, http.MethodPost, c.base.JoinPath("contacts", "search"), body, &answer)
	return answer.Contacts, err
}

// ask makes one call, and decodes its answer.
func (c *crm) ask(ctx context.Context, method string, address *url.URL, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, pageTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Version", "2021-07-28")
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, address.Path, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}
