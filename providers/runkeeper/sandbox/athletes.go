package sandbox

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"lockstep/schema/files"
)

// athletes are the people that were asked for so far, with what was written of
// them. The server's lock guards them.
type athletes struct {
	options Options
	known   map[string]*person // by name
	data    *data
}

func newAthletes(o Options) *athletes {
	return &athletes{options: o, known: map[string]*person{}, data: newData()}
}

// next returns a number that was not given before.
func (a *athletes) next() int {
	a.data.Next++
	return a.data.Next
}

// person is the person of a name.
func (a *athletes) person(name string) *person {
	p := a.known[name]
	if p == nil {
		p = invent(name, a.options.Now())
		if a.options.Empty {
			p.invented, p.alone = nil, true
		}
		a.known[name] = p
	}
	if c := a.data.People[name]; c != nil {
		p.changes = c
	} else {
		a.data.People[name] = p.changes
	}
	return p
}

// numbered returns the known person of a number, or nil.
func (a *athletes) numbered(id int) *person {
	names := slices.Concat(slices.Collect(maps.Keys(a.known)), slices.Collect(maps.Keys(a.data.People)))
	for _, name := range names {
		if p := a.person(name); p.id == id {
			return p
		}
	}
	return nil
}

// ownerOf is whose activity a number names, among those who may see it: the
// person and the friends.
func (a *athletes) ownerOf(p *person, f *feed, number string) *person {
	if _, i := p.find(f, number); i != nil {
		return p
	}
	for _, name := range slices.Sorted(maps.Keys(a.known)) {
		other := a.known[name]
		if friend := p.friends()[other.id]; friend == nil || friend.Status != "member" {
			continue
		}
		if _, i := other.find(f, number); i != nil {
			return other
		}
	}
	return nil
}

// save puts the data on disk. The lock is held.
func (a *athletes) save() error {
	if a.options.DataDir == "" {
		return nil
	}
	text, err := json.MarshalIndent(a.data, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(a.options.DataDir, 0o700); err != nil {
		return err
	}
	return files.ReplaceBytes(filepath.Join(a.options.DataDir, dataFile), files.Private, text)
}
