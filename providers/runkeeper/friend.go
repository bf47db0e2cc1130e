package runkeeper

import (
	"context"

	"github.com/zclconf/go-cty/cty"

	"lockstep/schema"
)

const kindFriend = "runkeeper_friend"

// friendKind declares friends (Health Graph API, friends). Only the API tells
// them; an export names at most who took part in an activity.
func friendKind() *kind {
	return &kind{
		Kind: schema.Kind{
			Name: kindFriend, Noun: "friend", Plural: "friends", ReadOnly: true, Personal: true,
			Doc: "A person that an account of the API is connected with. Runkeeper tells the number and the name, and nothing of what friends do. Exports have no friends.",
			Attributes: []attribute{
				computed("account", cty.String, "Name of the account."),
				personal("user_id", cty.String, "Runkeeper's number of the friend."),
				personal("name", cty.String, "Name of the friend."),
				personal("profile_url", cty.String, "Address of the friend's public page."),
			},
		},
		objects: friendObjects,
	}
}

func friendObjects(ctx context.Context, a *account, _ query) ([]schema.Object, error) {
	if a.remote == nil {
		return nil, nil
	}
	if a.friends == nil {
		found, err := a.remote.Friends(ctx)
		if err != nil {
			return nil, err
		}
		a.friends = make([]schema.Object, len(found))
		for i, friend := range found {
			var f fields
			f.text("account", a.name)
			f.text("user_id", friend.UserID)
			f.text("name", friend.Name)
			f.text("profile_url", friend.Page)
			a.friends[i] = f.object(kindFriend, a.name+"/"+friend.UserID)
		}
	}
	return a.friends, nil
}
