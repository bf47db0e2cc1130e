package planner

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/planner/state"
	"lockstep/schema"
	"lockstep/schema/config"
)

// target finds what an instance writes to; nil when there is nothing. how says
// how it came to an object that match does not find now, to follow the name of
// the object; it is empty for all others.
func (j *joining) target(d *Instance) (to *Subject, how string, problem *Problem) {
	paths, text := matchText(d.Match)
	if text == "" {
		return nil, "", nil
	}
	found, made := j.matching(paths, text), j.creating(paths, text)
	if len(found)+len(made) == 0 {
		found = j.matchingFurther(paths, text)
	}
	switch {
	case len(found)+len(made) > 1:
		return nil, "", j.several(d, found, made)
	case len(found) == 1:
		return found[0], "", nil
	case len(made) == 1:
		return made[0], "", nil
	}
	to, how = j.former(d)
	return to, how, nil
}

// several is the problem of a match that fits more than one object, or will.
func (j *joining) several(d *Instance, found, made []*Subject) *Problem {
	words := matchWords(d.Match)
	p := &Problem{Address: d.Address(), Place: d.Block.Place, Path: matchPath(d.Match), Summary: "More than one object fits"}
	switch {
	case len(made) == 0:
		p.Summary = "More than one live object fits"
		p.Detail = fmt.Sprintf("%s live %s have %s: %s. Merge them in the CRM, or match by something that only one of them has.",
			schema.Thousands(len(found)), j.Kind.Plural, words, subjectIDs(found))
	case len(found) == 0:
		p.Detail = fmt.Sprintf("%s and %s are both to be created with %s. Match by something that only one of them has.", made[0].maker().Address(), made[1].maker().Address(), words)
	default:
		p.Detail = fmt.Sprintf("%s is to be created with %s, which live %s have too: %s. Match by something that only one of them has.",
			made[0].maker().Address(), words, j.Kind.Plural, subjectIDs(found))
	}
	return p
}

// former is the object that an instance was joined with at the last apply, if it
// still is who the files mean. It is when match looks for what it looked for
// then, and it was the CRM that changed the object. And it is when the mapping
// itself gives the object what match looks for, unless another instance is about
// it now. It is not when match looks for something else, or another block says
// that the object is somebody else.
func (j *joining) former(d *Instance) (to *Subject, how string) {
	if r := j.Records.Get(d.Sealed()); r != nil {
		to = j.Live.find(r.ID)
		if to != nil && fitsAfter(to, d) && !j.passedOn(d, r) {
			return to, ", which is given what match looks for"
		}
	}
	to = j.Live.find(j.found(d.Sealed(), j.Sealer.Sum(d.Match)))
	if to == nil || declaredElse(to, d) {
		return nil, ""
	}
	return to, ", which match found before and finds no longer"
}

// passedOn reports whether another instance looks for what this one found at the
// last apply: its key is somebody else's now, as when keys are the numbers of
// rows and a row was put before others.
func (j *joining) passedOn(d *Instance, r *state.Record) bool {
	if j.sought == nil {
		j.sought = make(map[state.Digest]bool, len(j.batch))
		for i := range j.batch {
			j.sought[j.Sealer.Sum(j.batch[i].Match)] = true
		}
	}
	return r.Flags().Match != j.Sealer.Sum(d.Match) && j.sought[r.Flags().Match]
}

// declaredElse reports whether an author of a live object gives it another value
// than match looks for.
func declaredElse(to *Subject, d *Instance) bool {
	return slices.ContainsFunc(to.authors(), func(author *Desired) bool {
		df := differ{ignore: author.Block.Ignore}
		return slices.ContainsFunc(d.Match, func(f schema.Field) bool {
			wanted, named := author.Find(f.Path)
			return !f.Derived && named && !wanted.Derived && !Ignored(df.ignore, f.Path) && wanted.Value.Text() != f.Value.Text()
		})
	})
}

// fitsAfter reports whether a live object has what match looks for once the
// instance has written to it.
func fitsAfter(to *Subject, d *Instance) bool {
	return !slices.ContainsFunc(d.Match, func(f schema.Field) bool {
		if f.Derived || to.becomes(f.Path).Text() == f.Value.Text() {
			return false
		}
		rule := d.Mapping.Field(f.Path)
		writes := rule != nil && (rule.Direction == config.ToTarget || rule.Direction == config.Both)
		return !writes || d.Value(f.Path).Text() != f.Value.Text()
	})
}

// matchText joins the values that find a target. Texts and numbers of the same
// spelling are the same.
func matchText(match schema.Fields) (paths []string, text string) {
	var texts []string
	for _, f := range match {
		if f.Derived {
			continue
		}
		paths, texts = append(paths, f.Path), append(texts, f.Value.Text())
	}
	if len(texts) == 0 || slices.Contains(texts, "") {
		return nil, ""
	}
	return paths, strings.Join(texts, "\x00")
}

// matchPath is where a problem with what finds a target stands.
func matchPath(match schema.Fields) string {
	paths, _ := matchText(match)
	return paths[0]
}

func matchWords(match schema.Fields) string {
	var parts []string
	for _, f := range match {
		switch {
		case f.Derived:
		case f.Sensitive:
			parts = append(parts, f.Path+" (sensitive value)")
		default:
			parts = append(parts, fmt.Sprintf("%s %q", f.Path, f.Value.Text()))
		}
	}
	if len(parts) == 0 {
		return "what match says, because a value of it is empty here"
	}
	return strings.Join(parts, " and ")
}
