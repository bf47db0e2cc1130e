package health

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
)

// Friend is a person that somebody is connected with.
type Friend struct {
	// UserID is the number of the friend, Name what the friend is called, and
	// Page the address of the public page.
	UserID, Name, Page string
}

// Friends reads the list of friends, in the API's order. Their activities
// cannot be read.
func (a *Account) Friends(ctx context.Context) ([]Friend, error) {
	var all []Friend
	seen := map[string]bool{}
	err := a.each(ctx, a.Link("team", "/team"), "TeamFeed", func(raw json.RawMessage) error {
		var wire struct {
			UserID amount `json:"userID"`
			Name   string `json:"name"`
			Page   string `json:"profile"`
		}
		if err := json.Unmarshal(raw, &wire); err != nil {
			return err
		}
		if !wire.UserID.Known {
			return fmt.Errorf("a friend has no userID")
		}
		f := Friend{UserID: strconv.FormatFloat(wire.UserID.Value, 'f', -1, 64), Name: wire.Name, Page: wire.Page}
		if !seen[f.UserID] {
			seen[f.UserID] = true
			all = append(all, f)
		}
		return nil
	})
	return all, err
}
