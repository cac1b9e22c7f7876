// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/Controls.h"

#include <juce_gui_basics/juce_gui_basics.h>

#include <string>

namespace lacquer::ui::fakes
{

/// A hand-made pointer event on a component: no display is needed.
inline juce::MouseEvent pointer (juce::Component& on, juce::Point<float> at, juce::Point<float> downAt,
                                 int mods = 0, int clicks = 1)
{
    const auto now = juce::Time::getCurrentTime();
    return { juce::Desktop::getInstance().getMainMouseSource(),
             at,
             juce::ModifierKeys (mods | juce::ModifierKeys::leftButtonModifier),
             juce::MouseInputSource::defaultPressure,
             juce::MouseInputSource::defaultOrientation,
             juce::MouseInputSource::defaultRotation,
             juce::MouseInputSource::defaultTiltX,
             juce::MouseInputSource::defaultTiltY,
             &on,
             &on,
             now,
             downAt,
             now,
             clicks,
             at != downAt };
}

/// Presses, drags in steps and lets go, as a mouse does.
inline void drag (juce::Component& c, juce::Point<float> from, juce::Point<float> to, int mods = 0)
{
    c.mouseDown (pointer (c, from, from, mods));
    for (int n = 1; n <= 4; ++n)
        c.mouseDrag (pointer (c, from + (to - from) * (static_cast<float> (n) / 4), from, mods));
    c.mouseUp (pointer (c, to, from, mods));
}

/// A press of the right button.
inline void rightClick (juce::Component& c, juce::Point<float> at)
{
    c.mouseDown (pointer (c, at, at, juce::ModifierKeys::rightButtonModifier));
}

/// Does what an entry of a menu does, also in its submenus; false when there is none of this name.
inline bool choose (const juce::PopupMenu& menu, const juce::String& name)
{
    for (juce::PopupMenu::MenuItemIterator i (menu, true); i.next();)
        if (const auto& item = i.getItem(); item.text == name && item.isEnabled && item.action)
        {
            item.action();
            return true;
        }
    return false;
}

/// Presses a button in a component by its verb; false when there is none.
inline bool pressButton (juce::Component& in, const juce::String& verb)
{
    for (auto* child : in.getChildren())
        if (auto* b = dynamic_cast<Button*> (child); b != nullptr && b->getButtonText() == verb)
        {
            b->onPress ({});
            return true;
        }
    return false;
}

/// Paints a component as it is and writes it to the build folder, to be looked at.
inline juce::Image picture (juce::Component& c, const std::string& name)
{
    const auto image = c.createComponentSnapshot (c.getLocalBounds(), true, 1.0f);
    const auto file =
        juce::File (LACQUER_BINARY_DIR).getChildFile ("screenshots").getChildFile (name + ".png");
    file.getParentDirectory().createDirectory();
    file.deleteFile();
    juce::FileOutputStream out (file);
    juce::PNGImageFormat().writeImageToStream (image, out);
    return image;
}

} // namespace lacquer::ui::fakes
