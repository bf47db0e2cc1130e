package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// dataFile holds what was written, below the folder of the data.
const dataFile = "runkeeper.json"

// data is what was written; the rest is invented anew each time.
type data struct {
	Version int `json:"version"`
	// Next is the number of the next new item.
	Next int `json:"next"`
	// People by name, and the name of the person for each token given out.
	People map[string]*changes `json:"people"`
	Tokens map[string]string   `json:"tokens,omitempty"`
}

// changes are what was written of one person.
type changes struct {
	AthleteType string         `json:"athlete_type,omitempty"`
	Settings    map[string]any `json:"settings,omitempty"`
	// Items by the path of the feed and their number; nil is a deleted one.
	Items map[string]map[int]item `json:"items,omitempty"`
	// Friends by number; nil is one who is gone.
	Friends map[int]*friend `json:"friends,omitempty"`
	// Comments by the number of the activity.
	Comments map[string][]comment `json:"comments,omitempty"`
}

type friend struct {
	Name   string `json:"name"`
	Status string `json:"status"`
	// Asked is true when the friend has asked, and not the person.
	Asked bool `json:"asked,omitempty"`
}

type comment struct {
	Timestamp string `json:"timestamp"`
	UserID    int    `json:"userID"`
	Name      string `json:"name"`
	Comment   string `json:"comment"`
}

func newData() *data {
	return &data{Version: 1, People: map[string]*changes{}, Tokens: map[string]string{}}
}

// Open makes a server that keeps what is written in a folder, or in memory
// without one.
func Open(o Options) (*Server, error) {
	s := New(o)
	if o.DataDir == "" {
		return s, nil
	}
	path := filepath.Join(o.DataDir, dataFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the data of the sandbox cannot be read: %w", err)
	}
	stored := newData()
	if err := json.Unmarshal(text, stored); err != nil || stored.Version != 1 {
		return nil, fmt.Errorf("%s is damaged, or of another version: remove it to begin anew", path)
	}
	s.athletes.data = stored
	return s, nil
}

// items are the items of a feed by their number.
func (p *person) items(f *feed) map[int]item {
	all := map[int]item{}
	for id, i := range p.invented[f.path] {
		all[id] = i
	}
	for id, i := range p.changes.Items[f.path] {
		if i == nil {
			delete(all, id)
		} else {
			all[id] = i
		}
	}
	return all
}

// put keeps an item; nil deletes it.
func (p *person) put(f *feed, id int, i item) {
	c := p.changes
	if c.Items == nil {
		c.Items = map[string]map[int]item{}
	}
	if c.Items[f.path] == nil {
		c.Items[f.path] = map[int]item{}
	}
	c.Items[f.path][id] = i
}

// find returns the item that a path names, or nil.
func (p *person) find(f *feed, number string) (int, item) {
	id, err := strconv.Atoi(number)
	if err != nil {
		return 0, nil
	}
	return id, p.items(f)[id]
}
