package bench

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
)

// deals keeps all opportunities in step. They name their contacts by id, so that no
// contact is read.
const deals = `provider "ghl" {}

resource "ghl_opportunity" "deal" {
  for_each = { for row in csvdecode(file("deals.csv")) : row.name => row }

  name        = each.value.name
  contact_id  = each.value.contact_id
  pipeline_id = each.value.pipeline_id
  stage_id    = each.value.stage_id
  value       = each.value.value
  status      = each.value.status
}
`

// opportunities is how many of the contacts of a sandbox have one. They come 100 at a
// time, so there are none where a list would take thousands of calls.
func opportunities(contacts int) int {
	if contacts > smallSize {
		return 0
	}
	return contacts
}

// deal is a row of a search, see "HighLevel opportunities API, search".
type deal struct {
	Name     string      `json:"name"`
	Contact  string      `json:"contactId"`
	Pipeline string      `json:"pipelineId"`
	Stage    string      `json:"pipelineStageId"`
	Value    json.Number `json:"monetaryValue"`
	Status   string      `json:"status"`
}

// saveDeals writes all opportunities in the sandbox into a CSV file, page by page.
func (c *crm) saveDeals(ctx context.Context, file string) error {
	to, err := os.Create(file)
	if err != nil {
		return err
	}
	w := csv.NewWriter(to)
	err = w.Write([]string{"name", "contact_id", "pipeline_id", "stage_id", "value", "status"})
	query := url.Values{"location_id": {c.location}, "limit": {"100"}}
	for more := true; more && err == nil; {
		var page []deal
		page, more, err = c.deals(ctx, query)
		for _, d := range page {
			err = errors.Join(err, w.Write([]string{d.Name, d.Contact, d.Pipeline, d.Stage, d.Value.String(), d.Status}))
		}
	}
	w.Flush()
	return errors.Join(err, w.Error(), to.Close())
}

// deals reads one page, and makes the query that of the next one. more reports whether
// there is one.
func (c *crm) deals(ctx context.Context, query url.Values) (page []deal, more bool, err error) {
	address := c.base.JoinPath("opportunities", "search")
	address.RawQuery = query.Encode()
	var answer struct {
		Opportunities []deal `json:"opportunities"`
		Meta          struct {
			StartAfter   json.Number `json:"startAfter"`
			StartAfterID string      `json:"startAfterId"`
		} `json:"meta"`
	}
	if err := c.ask(ctx, http.MethodGet, address, nil, &answer); err != nil {
		return nil, false, err
	}
	query.Set("startAfter", answer.Meta.StartAfter.String())
	query.Set("startAfterId", answer.Meta.StartAfterID)
	return answer.Opportunities, answer.Meta.StartAfterID != "", nil
}
