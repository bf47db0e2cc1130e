package runkeeper

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/zclconf/go-cty/cty"

	"lockstep/providers"
	"lockstep/providers/runkeeper/health"
	"lockstep/schema"
)

const kindFriend = "runkeeper_friend"

// friendKind declares friends (Health Graph API, friends). Only the API tells
// them; an export names at most who took part in an activity.
func friendKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindFriend, Noun: "friend", Plural: "friends", Personal: true, Permanent: true, PartialList: true,
			Doc: "A person that an account of the API is connected with. Runkeeper tells the number and the name, and nothing of what friends do. Exports have no friends. " +
				"A new one is invited, which sends a request to a real person; who has been invited, or has asked, is adopted and not asked again. " +
				"Runkeeper has no way to end a friendship: a friend is forgotten, and stays one.",
			Parent: "account", PerParent: true, Keys: []schema.NaturalKey{{"account", "user_id"}}, Page: 25,
			Attributes: []attribute{
				accountAttribute(),
				{Name: "user_id", Type: cty.String, Required: true, Immutable: true, Personal: true, Doc: "Runkeeper's number of the friend. There is no search by name or e-mail address."},
				{Name: "reply", Type: cty.String, Optional: true, WriteOnly: true, OneOf: []string{"accepted", "declined", "ignored"},
					Doc: "Answer to a request of the friend. Take the block out after a request was declined."},
				{Name: "status", Type: cty.String, Computed: true, Unlisted: true, Doc: "pending or member; lists do not tell it."},
				personal("name", cty.String, "Name of the friend."),
				personal("profile_url", cty.String, "Address of the friend's public page."),
			},
		},
		objects: friendObjects,
		writes: &writes{
			create: "Invitation", update: "Reply", item: "Member", place: at("team", "/team"), before: beforeFriend,
			made: func(a *account, number string, fields schema.Fields) schema.Object {
				return friendObject(a, &health.Friend{UserID: number, Name: fields.Value("name").Text(), Page: fields.Value("profile_url").Text(),
					Status: cmp.Or(fields.Value("status").Text(), "pending")})
			},
			properties: []property{
				{path: "user_id", wire: "userID", on: providers.Create, spell: digits, encode: func(v schema.Value) any { return json.Number(v.Text()) }},
				{path: "reply", wire: "reply", on: providers.Update},
			},
		},
		reads: &reads{
			list: func(ctx context.Context, a *account, remote *health.Account, _ string, _ scope) ([]schema.Object, error) {
				return friendsOf(ctx, a, remote)
			},
			one: func(ctx context.Context, a *account, remote *health.Account, id string) (schema.Object, error) {
				friend, err := remote.Friend(ctx, a.number(id))
				return friendObject(a, &friend), err
			},
		},
	}
}

// beforeFriend keeps what is no request from being answered: an invitation
// would go out instead, or a friend be asked to be one.
func beforeFriend(ctx context.Context, a *account, remote *health.Account, c providers.Change) (bool, error) {
	reply := c.Fields.Value("reply").Text()
	switch {
	case c.Action == providers.Create && reply != "" && reply != "accepted":
		return false, &providers.FieldError{Path: "reply", Problem: "there is no request of " + c.Fields.Value("user_id").Text() + " that could be " + reply,
			Advice: "Take the block out."}
	case c.Action != providers.Update || reply != "accepted":
		return false, nil
	}
	friend, err := remote.Friend(ctx, a.number(c.ID))
	return err == nil && friend.Status == "member", err
}

func friendsOf(ctx context.Context, a *account, remote *health.Account) ([]schema.Object, error) {
	found, err := remote.Friends(ctx)
	if err != nil {
		return nil, err
	}
	objects := make([]schema.Object, len(found))
	for i := range found {
		objects[i] = friendObject(a, &found[i])
	}
	return objects, nil
}

func friendObject(a *account, friend *health.Friend) schema.Object {
	var f fields
	f.text("account", a.name)
	f.text("user_id", friend.UserID)
	f.text("name", friend.Name)
	f.text("profile_url", friend.Page)
	f.text("status", friend.Status)
	return f.object(kindFriend, a.name+"/"+friend.UserID)
}

func friendObjects(ctx context.Context, a *account, _ query) ([]schema.Object, error) {
	if a.remote == nil {
		return nil, nil
	}
	if a.friends == nil {
		var err error
		if a.friends, err = friendsOf(ctx, a, a.remote); err != nil {
			return nil, err
		}
	}
	return a.friends, nil
}
