package runkeeper

import (
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
			Name: kindFriend, Noun: "friend", Plural: "friends", Personal: true, Loss: schema.Loss{Lasting: schema.Permanent},
			Doc: "A person that an account of the API is connected with. Runkeeper tells the number and the name, and nothing of what friends do. Exports have no friends. " +
				"A new one is invited, which sends a request to a real person; who has been invited, or has asked, is adopted and not asked again. " +
				"Runkeeper has no way to end a friendship: a friend is forgotten, and stays one. Who is gone has declined or left, and is not invited again.",
			Parent: "account", Keys: []schema.NaturalKey{{"account", "user_id"}},
			Listing: schema.Listing{Page: 25, PerParent: true, Partial: true, Settles: settles},
			Attributes: []attribute{
				accountAttribute(),
				{Name: "user_id", Type: cty.String, Required: true, Immutable: true, Personal: true, Example: `"650491"`, Doc: "Runkeeper's number of the friend. There is no search by name or e-mail address."},
				{Name: "reply", Type: cty.String, Optional: true, WriteOnly: true, OneOf: []string{"accepted", "declined", "ignored"},
					Doc: "Answer to a request of the friend. Take the block out after a request was declined."},
				{Name: "status", Type: cty.String, Computed: true, Unlisted: true, Doc: "pending or member; lists do not tell it."},
				personal("name", cty.String, "Name of the friend."),
				personal("profile_url", cty.String, "Address of the friend's public page."),
			},
		},
		objects: friendObjects,
		writes: &writes{
			create: "Invitation", update: "Reply", item: "Member", place: at("team", "/team"), add: inviteFriend, before: alreadyFriend,
			properties: []property{{path: "user_id", spell: digits}, {path: "reply", wire: "reply"}},
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

// inviteFriend asks a real person, and so looks first whether they have been
// asked, or have asked themselves, since the plan was made: a request is then
// answered rather than made.
func inviteFriend(ctx context.Context, a *account, remote *health.Account, c providers.Write) (schema.Object, error) {
	number, reply := c.Fields.Value("user_id").Text(), c.Fields.Value("reply").Text()
	friend, err := remote.Friend(ctx, number)
	switch {
	case err == nil && reply != "" && friend.Status != "member":
		return friendObject(a, &friend), remote.Put(ctx, remote.Link("team", "/team")+"/"+number, "Reply", map[string]any{"reply": reply})
	case err == nil:
		return friendObject(a, &friend), nil
	case !gone(err):
		return schema.Object{}, err
	case reply != "" && reply != "accepted":
		return schema.Object{}, &providers.FieldError{Path: "reply", Problem: "there is no request of " + number + " that could be " + reply,
			Advice: "Take the block out."}
	}
	number, err = remote.Create(ctx, remote.Link("team", "/team"), "Invitation", "Member", map[string]any{"userID": json.Number(number)})
	if err != nil {
		return schema.Object{}, err
	}
	return friendObject(a, &health.Friend{UserID: number, Status: "pending"}), nil
}

// alreadyFriend keeps a friend from being accepted once more.
func alreadyFriend(ctx context.Context, a *account, remote *health.Account, c providers.Write) (bool, error) {
	if c.Action != providers.Update || c.Fields.Value("reply").Text() != "accepted" {
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
