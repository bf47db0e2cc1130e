package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
)

// Friend is a person that the account is connected with.
type Friend struct {
	// UserID is the number of the friend, Name what the friend is called, and
	// Page the address of the public page. Status is pending or member; only
	// reading the one friend tells it.
	UserID, Name, Page, Status string
}

// wireFriend is a friend in the list, or alone.
type wireFriend struct {
	UserID amount `json:"userID"`
	Name   string `json:"name"`
	Page   string `json:"profile"`
	Status string `json:"status"`
}

func (w *wireFriend) friend() (Friend, error) {
	if !w.UserID.Known {
		return Friend{}, errors.New("a friend has no userID")
	}
	return Friend{UserID: w.UserID.text(), Name: w.Name, Page: w.Page, Status: w.Status}, nil
}

// Friend reads one friend by number, also one who has not answered yet.
func (a *Account) Friend(ctx context.Context, number string) (Friend, error) {
	var wire wireFriend
	link := a.Link("team", "/team") + "/" + url.PathEscape(number)
	if err := a.client.get(ctx, link, "Member", &wire); err != nil {
		return Friend{}, err
	}
	f, err := wire.friend()
	if err != nil {
		return Friend{}, fmt.Errorf("GET %s: %w", link, err)
	}
	return f, nil
}

// Friends reads the list of friends, in the API's order. Their activities
// cannot be read.
func (a *Account) Friends(ctx context.Context) ([]Friend, error) {
	var all []Friend
	seen := map[string]bool{}
	err := a.each(ctx, a.Link("team", "/team"), "TeamFeed", func(raw json.RawMessage) error {
		var wire wireFriend
		if err := json.Unmarshal(raw, &wire); err != nil {
			return err
		}
		f, err := wire.friend()
		if err != nil {
			return err
		}
		if !seen[f.UserID] {
			seen[f.UserID] = true
			all = append(all, f)
		}
		return nil
	})
	return all, err
}
