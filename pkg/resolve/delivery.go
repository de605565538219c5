package resolve

import (
	"cmp"

	"github.com/gitopsgen/gitopsgen/pkg/model"
)

// Delivery returns how the Applications of an app come to be: as the app says,
// and for what it does not say as the fleet does. Where the app chooses
// Applications, the fleet's steps are not for it.
func Delivery(fleet *model.Fleet, app *model.App) model.Delivery {
	d := fleet.Delivery
	if own := app.Delivery; own != nil {
		if own.Strategy == model.Applications {
			d.Rolling, d.MaxUpdate = nil, ""
		}
		d.Strategy, d.MaxUpdate = cmp.Or(own.Strategy, d.Strategy), cmp.Or(own.MaxUpdate, d.MaxUpdate)
		d.Rolling, d.Previews = cmp.Or(own.Rolling, d.Rolling), cmp.Or(own.Previews, d.Previews)
	}
	d.Strategy = cmp.Or(d.Strategy, model.Applications)
	return d
}
