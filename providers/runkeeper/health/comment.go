package health

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lockstep/providers/transport"
)

// Comment is what a person said about an activity.
type Comment struct {
	// At is the clock on the wall, as if it were UTC. Whose wall is not known.
	At time.Time
	// UserID and Name of the author.
	UserID, Name, Text string
}

type wireThread struct {
	URI      string `json:"uri"`
	Comments []struct {
		At     clock  `json:"timestamp"`
		UserID amount `json:"userID"`
		Name   string `json:"name"`
		Text   string `json:"comment"`
	} `json:"comments"`
}

func (w *wireThread) comments() []Comment {
	all := make([]Comment, len(w.Comments))
	for i, c := range w.Comments {
		all[i] = Comment{At: c.At.Time, UserID: c.UserID.text(), Name: c.Name, Text: strings.TrimSpace(c.Text)}
	}
	return all
}

// thread is the address of the comments on an activity.
func (a *Account) thread(activity string) string {
	return a.Link("fitness_activities", "/fitnessActivities") + "/" + url.PathEscape(activity) + "/comments"
}

// Comments reads what was said about an activity, in the API's order.
func (a *Account) Comments(ctx context.Context, activity string) ([]Comment, error) {
	var w wireThread
	if err := a.client.get(ctx, a.thread(activity), "CommentThread", &w); err != nil {
		return nil, err
	}
	if w.URI == "" && w.Comments == nil {
		return nil, fmt.Errorf("GET %s: the answer has neither uri nor comments, and so is not a CommentThread", a.thread(activity))
	}
	return w.comments(), nil
}

// AddComment comments on an activity, and returns all its comments.
// It is sent once: after a lost answer the error is transport.ErrUncertain.
func (a *Account) AddComment(ctx context.Context, activity, text string) ([]Comment, error) {
	link := a.thread(activity)
	answer, err := a.client.write(ctx, http.MethodPost, link, "Comment", "CommentThread", map[string]any{"comment": text}, transport.Once)
	if err != nil {
		return nil, err
	}
	var w wireThread
	if err := json.Unmarshal(utf(answer.Header, answer.Body), &w); err != nil {
		return nil, fmt.Errorf("POST %s: the answer is not a CommentThread: %w", link, transport.ErrUncertain)
	}
	return w.comments(), nil
}
