import unittest

import torch

from .small import small_training


def states(items: list[list[int]], lengths: list[int], users: list[int]) -> torch.Tensor:
    return NETWORK.last(torch.tensor(items), torch.tensor(lengths), torch.tensor(users))


NETWORK = small_training().network.eval()


class NetworkTest(unittest.TestCase):
    def test_padding_and_neighbours_change_nothing(self) -> None:
        alone = states([[5, 6, 7]], [3], [2])
        among = states([[5, 6, 7, 0, 0], [1, 2, 3, 4, 5], [5, 6, 7, 9, 9]], [3, 5, 3], [2, 0, 2])
        torch.testing.assert_close(among[[0, 2]], alone.expand(2, -1))

    def test_the_order_of_items_matters(self) -> None:
        self.assertFalse(torch.allclose(states([[5, 6, 7]], [3], [2]), states([[6, 5, 7]], [3], [2])))

    def test_an_unknown_user_is_the_mean_of_all(self) -> None:
        unknown = states([[5, 6, 7]], [3], [-1])
        with torch.no_grad():
            kept = NETWORK.user_embedding[2].clone()
            NETWORK.user_embedding[2] = NETWORK.user_embedding.mean(0)
            as_mean = states([[5, 6, 7]], [3], [2])
            NETWORK.user_embedding[2] = kept
        torch.testing.assert_close(unknown, as_mean)

    def test_is_what_the_readme_says(self) -> None:
        """Step by step from the contract, without the network's own code."""
        w = {name: tensor.double() for name, tensor in NETWORK.state_dict().items()}
        of = NETWORK.architecture
        user = w["user_embedding"][3].expand(3, -1)
        x = torch.cat((w["item_embedding"][[5, 6, 7]], user), 1) * of.dims**0.5 + w["position_embedding"][-3:]
        for i in range(of.blocks):
            block = {name.removeprefix(f"blocks.{i}."): value for name, value in w.items()}
            a = norm(x, block, "attention_norm")
            q, k, v = (linear(a, block, name) for name in ("query", "key", "value"))
            shares = (q @ k.T / of.dims**0.5 + torch.full((3, 3), -torch.inf).triu(1)).softmax(1)
            x = x + linear(shares @ v, block, "output")
            fed = torch.nn.functional.gelu(linear(norm(x, block, "feed_norm"), block, "feed_in"))
            x = x + linear(fed, block, "feed_out")
        expected = norm(x, w, "final_norm")[-1, : of.item_dims]
        torch.testing.assert_close(states([[5, 6, 7]], [3], [3])[0].double(), expected, atol=1e-5, rtol=1e-5)


def norm(x: torch.Tensor, w: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    centred = x - x.mean(1, keepdim=True)
    spread = (centred.square().mean(1, keepdim=True) + NETWORK.architecture.layer_norm_epsilon).sqrt()
    return centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]


def linear(x: torch.Tensor, w: dict[str, torch.Tensor], name: str) -> torch.Tensor:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]
