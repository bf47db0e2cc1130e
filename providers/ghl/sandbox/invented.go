package sandbox

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What invented people are made of.
var (
	givenNames = []string{
		"Ada", "Alan", "Barbara", "Claude", "Donald", "Edsger", "Frances", "Grace", "Hedy", "Ivan", "Joan",
		"Katherine", "Linus", "Margaret", "Niklaus", "Olga", "Peter", "Radia", "Sophie", "Tim",
	}
	familyNames = []string{
		"Archer", "Baker", "Carter", "Dyer", "Eaton", "Fisher", "Glover", "Harper", "Inman", "Joiner", "Keeler",
		"Lorimer", "Mason", "Nailer", "Ostler", "Potter", "Quiller", "Rider", "Sawyer", "Tanner", "Usher",
		"Vintner", "Webster",
	}
	homes = [][3]string{
		{"Springfield", "IL", "62701"}, {"Portland", "OR", "97201"}, {"Austin", "TX", "73301"},
		{"Denver", "CO", "80202"}, {"Madison", "WI", "53703"},
	}
	inventedTags = []string{"runner", "lead", "newsletter", "member"}

	// firstAdded is when the first invented person came; each next one came a
	// minute later.
	firstAdded = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// phones is how many invented people get a phone: there are a hundred numbers for
// fiction, 555-0100 to 555-0199, in each area code.
const phones = 80_000

// invent adds n people that follow from their number alone. The first of them have
// an opportunity each.
func (p *contacts) invent(n, opportunities int) {
	if n > 0 {
		p.l.tags.define(firstAdded, inventedTags)
	}
	deals := newInventedDeals(p.l, opportunities)
	for i := range n {
		at := firstAdded.Add(time.Duration(i) * time.Minute)
		first, last := givenNames[i%len(givenNames)], familyNames[i/len(givenNames)%len(familyNames)]
		home := homes[i%len(homes)]
		c := &contact{
			person: person{FirstName: first, LastName: last},
			reach:  reach{Email: strings.ToLower(fmt.Sprintf("%s.%s.%d@example.com", first, last, i+1))},
			address: address{Address1: fmt.Sprintf("%d Main Street", i%900+1),
				City: home[0], State: home[1], PostalCode: home[2], Country: "US"},
			Type: "lead", Source: "sandbox", Tags: []string{inventedTags[i%len(inventedTags)]},
			Added: millis(at), Updated: millis(at),
		}
		if i < phones {
			c.Phone = fmt.Sprintf("+1%03d55501%02d", 200+i/100, i%100)
		}
		p.adopt(at, c)
		if i < opportunities {
			deals.add(at, c.ID, i)
		}
	}
}

// inventedDeals are opportunities in a pipeline of their own.
type inventedDeals struct {
	l        *location
	pipeline *pipeline
}

func newInventedDeals(l *location, n int) inventedDeals {
	d := inventedDeals{l: l}
	if n > 0 {
		d.pipeline = &pipeline{ID: l.store.newID(l.pipelines.kind), Name: "Sales", Added: millis(firstAdded), Updated: millis(firstAdded)}
		for _, name := range []string{"New", "Met", "Offered"} {
			d.pipeline.Stages = append(d.pipeline.Stages, stage{ID: l.store.newID(l.pipelines.kind), Name: name})
		}
		l.pipelines.put(firstAdded, d.pipeline.ID, d.pipeline)
	}
	return d
}

func (d inventedDeals) add(at time.Time, contact string, i int) {
	when := millis(at)
	o := &opportunity{
		ID: d.l.store.newID(d.l.opportunities.kind), ContactID: contact, PipelineID: d.pipeline.ID, StageID: d.pipeline.Stages[i%len(d.pipeline.Stages)].ID,
		Name: fmt.Sprintf("Deal %d", i+1), Status: "open", Value: json.Number(strconv.Itoa(100 + i%900)), moments: moments{when, when, when, when},
	}
	d.l.opportunities.put(at, o.ID, o)
}
