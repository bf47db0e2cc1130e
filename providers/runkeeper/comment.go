package runkeeper

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/providers/transport"
	"lockstep/schema"
)

const kindComment = "runkeeper_comment"

// commentKind declares comments (Health Graph API, comment threads), which can
// only be added.
func commentKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindComment, Noun: "comment", Plural: "comments", Personal: true, Loss: schema.Loss{Lasting: schema.Permanent},
			Doc: "What an account of the API says about an activity, its own or a friend's. A comment cannot be changed or deleted: it is forgotten, and stays. " +
				"One with the same text by the same account is adopted.",
			Parent: "activity_id", Content: []string{"account", "comment"}, After: []string{kindActivity},
			Listing: schema.Listing{PerParent: true, Settles: settles},
			Attributes: []attribute{
				{Name: "account", Type: cty.String, Required: true, Immutable: true, Refers: kindAthlete, Example: `"ada"`, Doc: "Name of the account that says it."},
				{Name: "activity_id", Type: cty.String, Required: true, Immutable: true, Refers: kindActivity,
					Doc: "The activity: the id of a runkeeper_activity, or Runkeeper's number of a friend's."},
				{Name: "comment", Type: cty.String, Required: true, Immutable: true, Personal: true, Doc: "The text."},
				personal("time", cty.String, "When, by the clock on the wall. Whose wall is not known."),
			},
		},
		writes: &writes{
			create: "Comment", item: "CommentThread", add: addComment,
			place:      func(string, schema.Fields) (name, usual string) { return "", "/fitnessActivities/{id}/comments" },
			properties: []property{{path: "comment", spell: atMost(1024)}}, normalize: throughAccount,
		},
		reads: &reads{list: listComments, one: oneComment},
	}
}

// throughAccount spells an activity as the account that speaks sees it: its
// token reads and writes the thread.
func throughAccount(fields schema.Fields) (schema.Fields, error) {
	i := slices.IndexFunc(fields, func(f schema.Field) bool { return f.Path == "activity_id" })
	account := fields.Value("account")
	if i < 0 || !fields[i].Value.IsKnown() || !account.IsKnown() || account.Text() == "" {
		return fields, nil
	}
	text := fields[i].Value.Text()
	number := text[strings.LastIndex(text, "/")+1:]
	if _, err := strconv.ParseUint(number, 10, 63); err != nil {
		return nil, &providers.FieldError{Path: "activity_id", Problem: fmt.Sprintf("%q is not the id of an activity behind the API", text),
			Advice: "Write the id of a runkeeper_activity, or Runkeeper's number of a friend's activity."}
	}
	fields[i].Value = schema.StringValue(account.Text() + "/" + number)
	return fields, nil
}

// addComment posts a comment. The answer is the whole thread: the last comment of
// these words by this account is the new one, or else its newest comment, when
// Runkeeper has spelt the words in another way. Posting them again would not help,
// and a comment cannot be taken back.
func addComment(ctx context.Context, a *account, remote *health.Account, c providers.Write) (schema.Object, error) {
	activity, text := cmp.Or(c.Parent, c.Fields.Value("activity_id").Text()), c.Fields.Value("comment").Text()
	all, err := remote.AddComment(ctx, a.number(activity), text)
	if err != nil {
		return schema.Object{}, err
	}
	own := a.comments(remote, activity, all)
	slices.Reverse(own)
	for _, o := range own {
		if o.Value("comment").Text() == text {
			return o, nil
		}
	}
	if len(own) > 0 {
		return slices.MaxFunc(own, func(x, y schema.Object) int { return cmp.Compare(x.Value("time").Text(), y.Value("time").Text()) }), nil
	}
	return schema.Object{}, fmt.Errorf("the answer does not have the new comment: %w", transport.ErrUncertain)
}

func listComments(ctx context.Context, a *account, remote *health.Account, activity string, _ scope) ([]schema.Object, error) {
	all, err := remote.Comments(ctx, a.number(activity))
	if gone(err) {
		return nil, nil
	}
	return a.comments(remote, activity, all), err
}

func oneComment(ctx context.Context, a *account, remote *health.Account, id string) (schema.Object, error) {
	objects, err := listComments(ctx, a, remote, a.name+"/"+a.number(id), scope{})
	if err != nil {
		return schema.Object{}, err
	}
	for i := range objects {
		if objects[i].ID == id {
			return objects[i], nil
		}
	}
	return schema.Object{}, &providers.APIError{Method: "GET", Path: "/fitnessActivities/{id}/comments", Message: "the comment is not there", Gone: true}
}

// comments are what an account said in a thread. The same words in the same
// second are told apart by their order.
func (a *account) comments(remote *health.Account, activity string, all []health.Comment) []schema.Object {
	var objects []schema.Object
	said := map[string]int{}
	for _, c := range all {
		if c.UserID != remote.UserID {
			continue
		}
		id := activity + "/" + c.At.Format("20060102150405")
		if said[id]++; said[id] > 1 {
			id += fmt.Sprintf("/%d", said[id])
		}
		var f fields
		f.text("account", a.name)
		f.text("activity_id", activity)
		f.text("comment", spellText(c.Text))
		f.text("time", c.At.Format(clockForm))
		objects = append(objects, f.object(kindComment, id))
	}
	return objects
}
