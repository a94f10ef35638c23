/* One queue, one group of agents, without events: the limit of the single-queue workloads.
 *
 * First come, first served: the next contact in order of arrival goes to the agent who is free first. So the instants at
 * which agents are free are all there is to know (Kiefer and Wolfowitz 1955), and the smallest of them stands at the
 * root of a tournament tree: one comparison a level, none of which the processor has to foretell. A boundary is
 * dealt with before the first contact that it matters to.
 *
 * The rules are those of docs/model.md, as far as one live channel needs them that is always open, without a bot.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { OPEN = 0, SERVED = 1, ABANDONED = 3 };

typedef struct {
    double time;
    int64_t agent;
} Node;

/* Plays all matches above a leaf anew. There are no draws: those who come on duty at one boundary are said to be free a
 * few bits before it, the lowest number first. */
static inline void replay(Node *tree, int64_t leaves, int64_t agent, double time)
{
    Node winner = {time, agent};
    int64_t at = leaves + agent;
    tree[at] = winner;
    for (; at > 1; at /= 2) {
        const Node other = tree[at ^ 1];
        const int loses = other.time < winner.time;
        winner.time = loses ? other.time : winner.time;
        winner.agent = loses ? other.agent : winner.agent;
        tree[at / 2] = winner;
    }
}

/* Returns 0, or 1 if there is no memory. */
int play(int64_t contacts, const double *arrival, const double *work, const double *patience, int64_t intervals,
         const double *edges, const int64_t *staffing, double *entered, double *started, double *ended, double *handled,
         int64_t *outcome, int64_t *group_of, int64_t *agent_of)
{
    int64_t most = 1, leaves = 1;
    for (int64_t i = 0; i < intervals; i++)
        most = staffing[i] > most ? staffing[i] : most;
    while (leaves < most)
        leaves *= 2;
    Node *tree = malloc((size_t)(2 * leaves) * sizeof *tree);
    double *ends = malloc((size_t)most * sizeof *ends);       /* of the present work of agents to leave */
    int64_t *changed = calloc((size_t)most, sizeof *changed); /* serial number of the last change of hands (R10) */
    int64_t *marked = malloc((size_t)most * sizeof *marked);  /* agents to leave, the last marked at the end */
    int64_t *come = malloc((size_t)most * sizeof *come);
    if (!tree || !ends || !changed || !marked || !come)
        return 1;
    for (int64_t i = 0; i < 2 * leaves; i++)
        tree[i] = (Node){INFINITY, i >= leaves ? i - leaves : 0};

    int64_t marks = 0, staff = 0, interval = 0, changes = 0;
    const double horizon = edges[intervals];

    for (int64_t contact = 0; contact < contacts; contact++) {
        const double arrives = arrival[contact], deadline = arrives + patience[contact];
        double boundary;
        while ((boundary = edges[interval]) <= arrives ||
               (tree[1].time > boundary && deadline >= boundary && interval < intervals)) {
            int64_t left = 0;
            for (int64_t i = 0; i < marks; i++)
                if (ends[marked[i]] > boundary)
                    marked[left++] = marked[i];
            marks = left;
            for (; staff < staffing[interval] && marks; staff++) { /* R16 */
                const int64_t agent = marked[--marks];
                changed[agent] = ++changes;
                replay(tree, leaves, agent, ends[agent]);
            }
            int64_t coming = 0;
            for (int64_t agent = 0; staff < staffing[interval]; agent++)
                if (tree[leaves + agent].time == INFINITY) /* nobody is marked any more, so that number is free */
                    come[coming++] = agent, staff++;
            for (double comes = boundary; coming;)
                replay(tree, leaves, come[--coming], comes = nextafter(comes, -1.0));
            for (; staff > staffing[interval]; staff--) { /* R17 */
                int64_t leaver = tree[1].agent;
                if (tree[1].time > boundary) {
                    leaver = -1;
                    for (int64_t agent = 0; agent < most; agent++)
                        if (tree[leaves + agent].time < INFINITY && (leaver < 0 || changed[agent] < changed[leaver]))
                            leaver = agent;
                    ends[leaver] = tree[leaves + leaver].time;
                    marked[marks++] = leaver;
                }
                replay(tree, leaves, leaver, INFINITY);
            }
            interval++;
        }
        const Node first = tree[1];
        const double can_start = arrives > edges[interval - 1] ? arrives : edges[interval - 1];
        const double starts = first.time > can_start ? first.time : can_start, done = starts + work[contact];
        entered[contact] = arrives;
        if (deadline < starts) { /* R19 */
            const int gone = deadline < horizon;
            started[contact] = NAN;
            ended[contact] = gone ? deadline : NAN;
            handled[contact] = 0.0;
            outcome[contact] = gone ? ABANDONED : OPEN;
            group_of[contact] = agent_of[contact] = -1;
        } else if (starts >= horizon) { /* R3 */
            started[contact] = ended[contact] = NAN;
            handled[contact] = 0.0;
            outcome[contact] = OPEN;
            group_of[contact] = agent_of[contact] = -1;
        } else {
            const int served = done <= horizon;
            started[contact] = starts;
            ended[contact] = served ? done : NAN;
            handled[contact] = (served ? done : horizon) - starts;
            outcome[contact] = served ? SERVED : OPEN;
            group_of[contact] = 0;
            agent_of[contact] = first.agent;
            changed[first.agent] = ++changes;
            replay(tree, leaves, first.agent, done);
        }
    }
    free(tree), free(ends), free(changed), free(marked), free(come);
    return 0;
}
