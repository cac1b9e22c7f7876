// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "core/Id.h"
#include "core/Result.h"
#include "engine/Processor.h"

#include <memory>
#include <string>
#include <vector>

namespace lacquer::engine
{

/// What is connected to what: a description, made anew for every structural edit. Holds no sound state.
struct Graph
{
    struct Node
    {
        Id id;            ///< unique in the graph and stable from graph to graph
        std::string name; ///< for messages: "Lead Vox"
        std::shared_ptr<Processor> processor;
        std::vector<int> inputs;  ///< channels of each input port, 1 or 2; 0: a number that is not in use
        std::vector<int> outputs; ///< channels of each output port
        std::vector<Binding> automation;
        bool bypasses = true; ///< while it changes its place, its input may be heard instead of it
    };
    /// Several edges into one input are added up in the order of `edges`. Mono into stereo goes to both
    /// sides; stereo into mono is refused by compile().
    struct Edge
    {
        Id from;
        int output = 0;
        Id to;
        int input = 0;
        /// For crossing() only: the output that will carry this connection in the graph after it; -1: the
        /// same.
        int becomes = -1;
    };

    std::vector<Node> nodes;
    std::vector<Edge> edges;
    Id result; ///< node whose output port 0 is what the engine plays
    int resultPort = 0;
};

} // namespace lacquer::engine
